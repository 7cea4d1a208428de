using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>
/// What one user tells the other in one line: where to reach this run of the program, what stands in the way, and by which key to know
/// it. Nothing in it is secret. The text begins with the public <c>ip:port</c>; docs/PROTOCOL.md, section TKT, has the rest.
/// </summary>
/// <remarks>Tickets are equal when their texts are.</remarks>
/// <example><c>203.0.113.7:4300-24hksr45…</c></example>
public sealed record Ticket
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;

    /// <summary>The most addresses in a ticket, <see cref="Primary"/> included.</summary>
    public const int MostAddresses = 16;

    private readonly UdpEndpoint _primary;
    private readonly IReadOnlyList<Candidate> _candidates = [];
    private readonly PredictedPorts? _predictedPorts;
    private readonly PortRange? _portRange;

    /// <summary>Where the internet sees this side; the part of the text that people can read.</summary>
    /// <exception cref="ArgumentException">No machine can have this address, or the port is 0.</exception>
    public required UdpEndpoint Primary
    {
        get => _primary;
        init => _primary = AddressKind.CanBePeer(value) ? value : throw new ArgumentException($"{value} is not the address of a peer", nameof(value));
    }

    /// <summary>Whether anybody with this ticket gets through: the peer need not tell us a ticket in return.</summary>
    public bool IsReachable { get; init; }

    /// <summary>Whether this side wants to send; else it wants to receive.</summary>
    public bool WantsToSend { get; init; }

    /// <summary>What packets do that reach our NAT before ours left.</summary>
    public EarlyPacketEffect EarlyPackets { get; init; }

    /// <summary>On what our outside address depends.</summary>
    public MappingBehavior Mapping { get; init; }

    /// <summary>Whom our NAT or firewall lets in.</summary>
    public FilteringBehavior Filtering { get; init; }

    /// <summary>When the ticket was made: minutes of Unix time modulo 65536, see <see cref="MinuteOf"/>.</summary>
    public ushort Minute { get; init; }

    /// <summary>The key by which the peer knows this run of the program.</summary>
    public required PublicKey PublicKey { get; init; }

    /// <summary>Further addresses.</summary>
    /// <exception cref="ArgumentException">Too many; or one has the wrong family for its kind, is nobody's, or is peer-reflexive.</exception>
    public IReadOnlyList<Candidate> Candidates
    {
        get => _candidates;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count >= MostAddresses) throw new ArgumentException($"a ticket has at most {MostAddresses} addresses", nameof(value));
            foreach (var candidate in value)
                if (!TicketRecords.CanHold(candidate)) throw new ArgumentException($"{candidate} cannot be in a ticket", nameof(value));
            _candidates = [.. value];
        }
    }

    /// <summary>Where the next ports will be, when the NAT is symmetric and steps evenly.</summary>
    /// <exception cref="ArgumentException">Port or step 0.</exception>
    public PredictedPorts? PredictedPorts
    {
        get => _predictedPorts;
        init => _predictedPorts = value is not { } ports || TicketRecords.IsSensible(ports) ? value : throw new ArgumentException("a port and a step are not 0", nameof(value));
    }

    /// <summary>Among which ports the next will be, when the NAT is symmetric and picks at random from a block.</summary>
    /// <exception cref="ArgumentException">Port 0, or the highest is below the lowest.</exception>
    public PortRange? PortRange
    {
        get => _portRange;
        init => _portRange = value is not { } range || TicketRecords.IsSensible(range) ? value : throw new ArgumentException("there is no port in this range", nameof(value));
    }

    /// <summary>All addresses to try, the primary one first, none twice.</summary>
    public IReadOnlyList<Candidate> Addresses =>
        [.. Candidates.Prepend(new Candidate(KindOfPrimary, Primary)).DistinctBy(candidate => candidate.Endpoint)];

    // Without the internet the primary address is one of the machine itself.
    private CandidateKind KindOfPrimary => !Primary.IsIPv4 ? CandidateKind.HostV6
        : AddressKind.IsPublicIPv4(Primary) ? CandidateKind.Reflexive
        : CandidateKind.Host;

    /// <summary>The minute that a ticket of this moment carries.</summary>
    /// <param name="time">The time by the best clock there is.</param>
    public static ushort MinuteOf(DateTimeOffset time) => (ushort)(time.ToUnixTimeSeconds() / 60);

    /// <summary>The ticket as its one line of text.</summary>
    public override string ToString() => TicketText.Write(this);

    /// <summary>Whether both have the same text.</summary>
    public bool Equals(Ticket? other) => other is not null && (ReferenceEquals(this, other) || ToString() == other.ToString());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Primary, PublicKey, Minute);
}
