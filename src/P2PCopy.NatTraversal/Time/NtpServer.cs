using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Time;

/// <summary>
/// A small time server (RFC 5905, server mode only) for closed networks: the demonstration on one machine and the simulation. It
/// serves whatever clock it is given.
/// </summary>
/// <param name="utcAt">The clock it serves.</param>
/// <param name="stratum">What it says about its distance to a reference clock, 1–15.</param>
public sealed class NtpServer(Func<Instant, DateTimeOffset> utcAt, byte stratum = 3) : IDatagramProtocol
{
    private const int MaxOwedAnswers = 256;
    private const uint LocalReference = 0x7f7f0101;
    private const sbyte MicrosecondPrecision = -20;

    private readonly Queue<(NtpPacket Request, UdpEndpoint Client, Instant Arrived)> _owed = new();

    /// <summary>Requests that were taken.</summary>
    public long Requests { get; private set; }

    /// <inheritdoc/>
    public Instant NextTimeout => _owed.Count > 0 ? Instant.Zero : Instant.Never;

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) =>
        NtpPacket.TryRead(datagram, out var packet) && packet is { Mode: NtpPacket.ClientMode, Version: >= 1 and <= 4 };

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (_owed.Count >= MaxOwedAnswers || !Accepts(datagram, remote) || !NtpPacket.TryRead(datagram, out var request)) return;
        Requests++;
        _owed.Enqueue((request, remote, now));
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
        if (!_owed.TryDequeue(out var owed)) return false;
        var arrived = NtpTimestamp.From(utcAt(owed.Arrived));
        var answer = new NtpPacket
        {
            Version = owed.Request.Version,
            Mode = NtpPacket.ServerMode,
            Stratum = stratum,
            Poll = owed.Request.Poll,
            Precision = MicrosecondPrecision,
            ReferenceId = LocalReference,
            Reference = arrived,
            Origin = owed.Request.Transmit,
            Receive = arrived,
            Transmit = NtpTimestamp.From(utcAt(now)),
        };
        transmit = new Transmit(answer.Write(buffer), owed.Client);
        return true;
    }
}
