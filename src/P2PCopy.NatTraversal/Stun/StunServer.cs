using System.Buffers.Binary;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>An answer that a STUN server owes; whichever of its sockets sends it fills in its own addresses.</summary>
/// <param name="Id">The transaction of the request.</param>
/// <param name="Client">Where the request came from, and the answer goes unless another port was asked for.</param>
/// <param name="UnknownAttribute">The attribute that could not be served, or 0 for success.</param>
public readonly record struct StunServerAnswer(TransactionId Id, UdpEndpoint Client, ushort UnknownAttribute)
{
    /// <summary>To which other port of the client the answer goes (RESPONSE-PORT); 0 for the one that asked.</summary>
    public ushort ToPort { get; init; }
}

/// <summary>
/// One socket of a small STUN server: plain Binding (RFC 8489) and, when the server has a second address and port, the behaviour
/// discovery of RFC 5780. Then there are four such machines, one for each pair of address and port, and an answer that must leave
/// elsewhere is handed over as a value.
/// </summary>
/// <example><code>
/// var primary = new StunServer(a1p1, a2p2, (change, answer) => sockets[change].Deliver(answer));
/// </code></example>
public sealed class StunServer : IDatagramProtocol
{
    // Whoever floods a server gets no answers for what it cannot send in time.
    private const int MaxOwedAnswers = 256;

    private readonly UdpEndpoint _origin;
    private readonly UdpEndpoint? _other;
    private readonly Action<StunChange, StunServerAnswer>? _handOver;
    private readonly Queue<StunServerAnswer> _owed = new();

    /// <summary>A server with one address and port; it refuses CHANGE-REQUEST and RESPONSE-PORT with error 420, as RFC 5780 §6.1 wants.</summary>
    /// <param name="origin">The address and port of its socket.</param>
    public StunServer(UdpEndpoint origin) => _origin = origin;

    /// <summary>One of the four sockets of a server with two addresses and two ports.</summary>
    /// <param name="origin">The address and port of this socket.</param>
    /// <param name="other">The other address with the other port.</param>
    /// <param name="handOver">Gives an answer to the socket that differs from this one by the change.</param>
    public StunServer(UdpEndpoint origin, UdpEndpoint other, Action<StunChange, StunServerAnswer> handOver)
    {
        _origin = origin;
        _other = other;
        _handOver = handOver;
    }

    /// <summary>Requests that were answered or handed over.</summary>
    public long Requests { get; private set; }

    /// <inheritdoc/>
    public Instant NextTimeout => _owed.Count > 0 ? Instant.Zero : Instant.Never;

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) =>
        StunMessage.LooksLikeStun(datagram) && BinaryPrimitives.ReadUInt16BigEndian(datagram) == StunMessage.BindingRequest;

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (!StunMessage.TryRead(datagram, out var request) || request.Type != StunMessage.BindingRequest) return;
        Requests++;
        var unknown = UnknownAttribute(request);
        var answer = new StunServerAnswer(request.TransactionId, remote, unknown) { ToPort = unknown == 0 ? request.ResponsePort : (ushort)0 };
        if (unknown != 0 || request.Change == StunChange.None) Deliver(answer);
        else _handOver!(request.Change, answer);
    }

    /// <summary>Takes an answer that this socket shall send.</summary>
    public void Deliver(StunServerAnswer answer)
    {
        if (_owed.Count < MaxOwedAnswers) _owed.Enqueue(answer);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        // Nothing waits: what is owed is sent as soon as the loop asks.
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (!_owed.TryDequeue(out var answer)) return false;
        transmit = new Transmit(answer.UnknownAttribute == 0 ? WriteSuccess(buffer, answer) : WriteError(buffer, answer), To(answer));
        return true;
    }

    private static UdpEndpoint To(in StunServerAnswer answer) => answer.ToPort == 0 ? answer.Client : answer.Client.WithPort(answer.ToPort);

    private int WriteSuccess(Span<byte> buffer, StunServerAnswer answer)
    {
        var writer = new StunWriter(buffer, StunMessage.BindingSuccess, answer.Id);
        writer.WriteXorMappedAddress(answer.Client);
        writer.WriteAddress(StunAttribute.MappedAddress, answer.Client);
        writer.WriteAddress(StunAttribute.ResponseOrigin, _origin);
        if (_other is { } other) writer.WriteAddress(StunAttribute.OtherAddress, other);
        return writer.Length;
    }

    private static int WriteError(Span<byte> buffer, StunServerAnswer answer)
    {
        Span<byte> unknown = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(unknown, answer.UnknownAttribute);
        var writer = new StunWriter(buffer, StunMessage.BindingError, answer.Id);
        writer.WriteErrorCode(420, "Unknown Attribute");
        writer.WriteAttribute(StunAttribute.UnknownAttributes, unknown);
        return writer.Length;
    }

    private ushort UnknownAttribute(StunMessage request)
    {
        var walk = request.Attributes;
        while (walk.MoveNext())
        {
            if (!StunAttribute.MayBeCarried(walk.Type)) return walk.Type;
            if (_handOver is not null) continue;
            if (walk.Type == StunAttribute.ResponsePort || (walk.Type == StunAttribute.ChangeRequest && request.Change != StunChange.None)) return walk.Type;
        }

        return 0;
    }
}
