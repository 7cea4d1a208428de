using System.Security.Cryptography;
using System.Text;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>The text of a ticket: the primary address, a dash, and the body in base 32 that ends with a check over both.</summary>
internal static class TicketText
{
    //  0  version (4 bits) | reachable | wants to send | early packets (2)
    //  1  mapping (4) | filtering (4)
    //  2  minute (16)
    //  4  public key (256)
    // 36  records
    // -3  check (24)
    private const int RecordsAt = 36;
    private const int CheckLength = 3;
    private const int ReachableBit = 8;
    private const int SendBit = 4;
    private const int EarlyPacketsMask = 3;
    private const int RandomPorts = 4;
    private const int SteppingPorts = 5;
    private const char Dash = '-';

    /// <summary>The ticket as text.</summary>
    public static string Write(Ticket ticket)
    {
        // PROTOCOL TKT-1.
        var endpoint = ticket.Primary.ToString();
        Span<byte> buffer = stackalloc byte[512];
        var writer = new PacketWriter(buffer);
        WriteFacts(ref writer, ticket);
        Span<byte> key = stackalloc byte[PublicKey.Length];
        ticket.PublicKey.CopyTo(key);
        writer.WriteBytes(key);
        TicketRecords.Write(ref writer, ticket.Candidates);
        if (ticket.PredictedPorts is { } predicted) TicketRecords.Write(ref writer, predicted);
        if (ticket.PortRange is { } range) TicketRecords.Write(ref writer, range);
        Span<byte> check = stackalloc byte[CheckLength];
        WriteCheck(endpoint, buffer[..writer.Length], check);
        writer.WriteBytes(check);
        return endpoint + Dash + CrockfordBase32.Encode(buffer[..writer.Length]);
    }

    /// <summary>Reads what stands behind the dash.</summary>
    /// <param name="primary">The address before the dash.</param>
    /// <param name="body">The body alone.</param>
    /// <param name="ticket">The ticket; set when the answer is <see cref="TicketFault.None"/>.</param>
    public static TicketFault Read(UdpEndpoint primary, ReadOnlySpan<char> body, out Ticket? ticket)
    {
        ticket = null;
        if (CrockfordBase32.Decode(body) is not { Length: >= RecordsAt + CheckLength } bytes) return TicketFault.Damaged;

        // PROTOCOL TKT-4: the version comes first, since it decides about everything behind it.
        var version = bytes[0] >> 4;
        if (version == 0) return TicketFault.Damaged;
        if (version != Ticket.Version) return TicketFault.NewerVersion;
        Span<byte> check = stackalloc byte[CheckLength];
        WriteCheck(primary.ToString(), bytes.AsSpan(..^CheckLength), check);
        if (!check.SequenceEqual(bytes.AsSpan(^CheckLength..))) return TicketFault.Damaged;

        if (!AddressKind.CanBePeer(primary)) return TicketFault.BadAddress;
        var candidates = new List<Candidate>();
        var records = bytes.AsSpan(RecordsAt..^CheckLength);
        var fault = TicketRecords.Read(records, Ticket.MostAddresses - 1, candidates, out var predicted, out var range);
        if (fault != TicketFault.None) return fault;
        ticket = new Ticket
        {
            Primary = primary,
            IsReachable = (bytes[0] & ReachableBit) != 0,
            WantsToSend = (bytes[0] & SendBit) != 0,
            EarlyPackets = EarlyPackets(bytes[0] & EarlyPacketsMask),
            Mapping = Mapping(bytes[1] >> 4),
            Filtering = Filtering(bytes[1] & 15),
            Minute = (ushort)((bytes[2] << 8) | bytes[3]),
            PublicKey = new PublicKey(bytes.AsSpan(4, PublicKey.Length)),
            Candidates = candidates,
            PredictedPorts = predicted,
            PortRange = range,
        };
        return TicketFault.None;
    }

    /// <summary>The first 24 bits of SHA-256 over the format's name, the address as text, and the body before the check.</summary>
    public static void WriteCheck(string endpoint, ReadOnlySpan<byte> body, Span<byte> check)
    {
        // PROTOCOL TKT-3.
        var name = "p2pcopy ticket v1\0"u8;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var hashed = new byte[name.Length + endpoint.Length + 1 + body.Length];
        name.CopyTo(hashed);
        Encoding.ASCII.GetBytes(endpoint, hashed.AsSpan(name.Length));
        body.CopyTo(hashed.AsSpan(^body.Length..));
        SHA256.HashData(hashed, hash);
        hash[..CheckLength].CopyTo(check);
    }

    private static void WriteFacts(ref PacketWriter writer, Ticket ticket)
    {
        // PROTOCOL TKT-5.
        var flags = (ticket.IsReachable ? ReachableBit : 0) | (ticket.WantsToSend ? SendBit : 0) | (int)ticket.EarlyPackets;
        writer.WriteByte((byte)((Ticket.Version << 4) | flags));
        var mapping = ticket.Mapping switch
        {
            MappingBehavior.AddressAndPortDependent => ticket.PredictedPorts is null ? RandomPorts : SteppingPorts,
            var other => (int)other,
        };
        writer.WriteByte((byte)((mapping << 4) | (int)ticket.Filtering));
        writer.WriteUInt16(ticket.Minute);
    }

    // PROTOCOL TKT-6: numbers that mean nothing yet mean: unknown.
    private static EarlyPacketEffect EarlyPackets(int number) =>
        number <= (int)EarlyPacketEffect.SpoilsMapping ? (EarlyPacketEffect)number : EarlyPacketEffect.Unknown;

    private static MappingBehavior Mapping(int number) => number switch
    {
        <= (int)MappingBehavior.AddressDependent => (MappingBehavior)number,
        RandomPorts or SteppingPorts => MappingBehavior.AddressAndPortDependent,
        _ => MappingBehavior.Unknown,
    };

    private static FilteringBehavior Filtering(int number) =>
        number <= (int)FilteringBehavior.AddressAndPortDependent ? (FilteringBehavior)number : FilteringBehavior.Unknown;
}
