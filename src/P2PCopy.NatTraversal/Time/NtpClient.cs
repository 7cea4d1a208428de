using System.Buffers.Binary;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Time;

/// <summary>How far the question to a time server has come.</summary>
public enum NtpState
{
    /// <summary>No valid answer yet.</summary>
    Pending,

    /// <summary>There is a sample.</summary>
    Answered,

    /// <summary>The server sent a kiss (RFC 5905 §7.4) and must not be asked again in this run.</summary>
    Refused,

    /// <summary>Nothing of use came within the limit.</summary>
    TimedOut,
}

/// <summary>
/// Asks one time server: at once and, with a new nonce, after 400 ms; over after 1 s. Several run side by side, each on a socket of
/// its own, and <see cref="InternetTime.FromSamples"/> makes one time of their answers.
/// </summary>
public sealed class NtpClient : IDatagramProtocol
{
    /// <summary>When a question without answer is over.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1); // PROTOCOL TIME-6.

    private static readonly TimeSpan Resend = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan MaxRootDistance = TimeSpan.FromSeconds(1.5);

    private enum Timer
    {
        Send,
        GiveUp,
    }

    private readonly UdpEndpoint _server;
    private readonly Action<Span<byte>> _fillRandom;
    private readonly TimerTable<Timer> _timers = new();
    private readonly List<(ulong Nonce, Instant Sent)> _requests = new(2);

    /// <summary>Starts the question.</summary>
    /// <param name="server">Whom to ask; only answers from exactly there count.</param>
    /// <param name="fillRandom">Fills a span with cryptographically random bytes.</param>
    /// <param name="now">The time.</param>
    public NtpClient(UdpEndpoint server, Action<Span<byte>> fillRandom, Instant now)
    {
        _server = server;
        _fillRandom = fillRandom;
        _timers[Timer.Send] = now;
        _timers[Timer.GiveUp] = now + Limit;
    }

    /// <summary>How far it has come.</summary>
    public NtpState State { get; private set; }

    /// <summary>What the server said; when answered.</summary>
    public NtpSample Sample { get; private set; }

    /// <summary>Datagrams that were not to be believed.</summary>
    public long RejectedAnswers { get; private set; }

    /// <inheritdoc/>
    public Instant NextTimeout => _timers.Next;

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => remote == _server && datagram.Length >= NtpPacket.Bytes;

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (State != NtpState.Pending) return;
        // PROTOCOL TIME-2.
        if (remote != _server || !NtpPacket.TryRead(datagram, out var answer) || !TryFindRequest(answer, out var sent)) RejectedAnswers++;
        else if (answer.Stratum == 0) End(NtpState.Refused); // PROTOCOL TIME-3.
        else if (IsUsable(answer) && NtpSample.TryMeasure(sent, answer, now, out var sample))
        {
            Sample = sample;
            End(NtpState.Answered);
        }
        else RejectedAnswers++;
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        if (State == NtpState.Pending && _timers.Expired(Timer.GiveUp, now)) End(NtpState.TimedOut);
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (!_timers.Expired(Timer.Send, now)) return false;
        var nonce = DrawNonce();
        _requests.Add((nonce, now));
        if (_requests.Count < 2) _timers[Timer.Send] = now + Resend;
        transmit = new Transmit(NtpPacket.Request(nonce).Write(buffer), _server);
        return true;
    }

    // The origin timestamp is the proof that the answer belongs to our question (RFC 5905 §8); it comes before all else, so that
    // nobody off the path can send us a kiss.
    private bool TryFindRequest(NtpPacket answer, out Instant sent)
    {
        sent = default;
        if (answer.Mode != NtpPacket.ServerMode || answer.Version is not (3 or 4)) return false;
        foreach (var (nonce, time) in _requests)
        {
            if (nonce != answer.Origin.Bits) continue;
            sent = time;
            return true;
        }

        return false;
    }

    private static bool IsUsable(NtpPacket answer) =>
        answer.LeapIndicator != NtpPacket.NotSynchronised && answer.Stratum is >= 1 and <= 15
        && answer.Receive.Bits != 0 && answer.Transmit.Bits != 0 && answer.RootDistance < MaxRootDistance;

    private void End(NtpState state)
    {
        State = state;
        _timers.StopAll();
    }

    private ulong DrawNonce()
    {
        Span<byte> bytes = stackalloc byte[8];
        ulong nonce;
        do
        {
            _fillRandom(bytes);
            nonce = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        }
        while (nonce == 0);

        return nonce;
    }
}
