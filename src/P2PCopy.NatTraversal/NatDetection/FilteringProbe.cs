using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>
/// Finds out who gets in, from a scratch socket: on the main socket the tests would open or spoil what the peer needs, and the order
/// of RFC 3489, filtering before mapping on one socket, calls a common Linux NAT symmetric.
/// </summary>
public sealed class FilteringProbe : IDatagramProtocol
{
    private const int SideBySide = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private readonly StunTransactions _transactions;
    private readonly HashSet<UdpEndpoint> _known = [];
    private readonly Queue<UdpEndpoint> _waiting = new();
    private readonly List<FilteringTest> _tests = [];
    private Instant _nextServerAt = Instant.Never;
    private bool _complete;

    /// <summary>A probe without servers.</summary>
    /// <param name="fillRandom">Fills a span with cryptographically random bytes; transaction ids are drawn from it.</param>
    public FilteringProbe(Action<Span<byte>> fillRandom) => _transactions = new StunTransactions(fillRandom);

    /// <summary>Whether there is nothing more to find out.</summary>
    public bool IsDone { get; private set; }

    /// <summary>What has been found out so far.</summary>
    public FilteringFindings Findings { get; private set; } = FilteringFindings.None;

    /// <inheritdoc/>
    public Instant NextTimeout => IsDone ? Instant.Never : Instant.Min(_transactions.NextTimeout, _nextServerAt);

    /// <summary>Names a server. Two are tested side by side; another one when these do not answer within 300 ms or cannot do it.</summary>
    public void AddServer(UdpEndpoint server, Instant now)
    {
        if (IsDone || !_known.Add(server)) return;
        _waiting.Enqueue(server);
        Advance(now);
    }

    /// <summary>Says that no more servers will be named.</summary>
    public void Complete(Instant now)
    {
        _complete = true;
        Advance(now);
    }

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => StunMessage.LooksLikeStun(datagram);

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (!IsDone && _transactions.Handle(datagram, remote, now) is not null) Advance(now);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        if (IsDone) return;
        _transactions.HandleTimeout(now);
        Advance(now);
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        return !IsDone && _transactions.TryTransmit(buffer, now, out transmit);
    }

    private void Advance(Instant now)
    {
        foreach (var test in _tests) test.Advance(now);
        Merge();
        if (IsDone) return;
        while (_waiting.Count > 0 && CountUnderWay(now) < SideBySide) _tests.Add(new FilteringTest(_transactions, _waiting.Dequeue(), now));
        _nextServerAt = NextServerAt(now);
        IsDone = _complete && _waiting.Count == 0 && _tests.TrueForAll(test => test.IsDone);
    }

    private int CountUnderWay(Instant now) => _tests.Count(test => !test.IsDone && (test.IsAlive || now < test.Started + Patience));

    private Instant NextServerAt(Instant now)
    {
        var next = Instant.Never;
        if (_waiting.Count == 0) return next;
        foreach (var test in _tests)
            if (test.Started + Patience > now) next = Instant.Min(next, test.Started + Patience);
        return next;
    }

    // A packet that got in is proof, whatever other servers say: theirs may have been lost. Silence counts only when nothing got in.
    private void Merge()
    {
        var verdict = FilteringBehavior.Unknown;
        var early = EarlyPacketEffect.Unknown;
        var best = FilteringFindings.None;
        foreach (var test in _tests)
        {
            var findings = test.Findings;
            if (findings.Filtering == FilteringBehavior.Unknown) continue;
            if (verdict == FilteringBehavior.Unknown || findings.Filtering < verdict) (verdict, best) = (findings.Filtering, findings);
            if (findings.EarlyPackets > early) early = findings.EarlyPackets;
        }

        Findings = best with { EarlyPackets = early };
        IsDone |= verdict == FilteringBehavior.EndpointIndependent
            || (early != EarlyPacketEffect.Unknown && _tests.TrueForAll(test => test.IsDone || !test.IsAlive));
    }
}
