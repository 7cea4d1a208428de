using P2PCopy.Datagrams;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>Two sides and a network between them that loses, doubles, delays and reorders as its seed says, in virtual time.</summary>
internal sealed class HandshakeNet : IDisposable
{
    private readonly PriorityQueue<(byte[] Datagram, UdpEndpoint From, UdpEndpoint To), (long Time, int Order)> _flying = new();
    private readonly PriorityQueue<Action<Instant>, (long Time, int Order)> _planned = new();
    private readonly SeededRandom _luck;
    private int _order;

    public HandshakeNet(ulong seed, bool smallerIsA = true, Action<HandshakeNet>? configure = null)
    {
        _luck = SeededRandom.For(seed, "network");
        configure?.Invoke(this);
        A = new HandshakePeer(SeededRandom.For(seed, "a"), Endpoint(1), wantsToSend: true, Now, OptionsOfA);
        B = new HandshakePeer(SeededRandom.For(seed, "b"), Endpoint(2), wantsToSend: false, Now, OptionsOfB);
        for (ulong i = 0; (A.Key.Public < B.Key.Public) != smallerIsA; i++)
        {
            B.Dispose();
            B = new HandshakePeer(SeededRandom.For(seed + i, "another b"), Endpoint(2), wantsToSend: false, Now, OptionsOfB);
        }
    }

    public HandshakePeer A { get; }

    public HandshakePeer B { get; }

    public P2PCopy.NatTraversal.Channel.Handshake.HandshakeOptions? OptionsOfA { get; set; }

    public P2PCopy.NatTraversal.Channel.Handshake.HandshakeOptions? OptionsOfB { get; set; }

    public Instant Now { get; private set; } = new(1_000_000);

    public double Loss { get; set; }

    public double Doubling { get; set; }

    /// <summary>Longest delay; each datagram draws its own.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Part of the datagrams that takes up to five seconds instead.</summary>
    public double Straggling { get; set; }

    /// <summary>Sees every datagram that is sent, before its luck is drawn; <see langword="false"/> takes it away.</summary>
    public Func<byte[], UdpEndpoint, UdpEndpoint, bool>? Inspect { get; set; }

    public static UdpEndpoint Endpoint(byte host, ushort port = 4300) => UdpEndpoint.FromIPv4(0xcb007100u | host, port);

    public void Plan(TimeSpan after, Action<Instant> action) => _planned.Enqueue(action, ((Now + after).Microseconds, _order++));

    public void Send(byte[] datagram, UdpEndpoint from, UdpEndpoint to)
    {
        if (Inspect is not null && !Inspect(datagram, from, to)) return;
        do
        {
            if (_luck.Chance(Loss)) continue;
            var longest = _luck.Chance(Straggling) ? TimeSpan.FromSeconds(5) : Delay;
            var arrival = Now + TimeSpan.FromMicroseconds(_luck.Between(0, (long)longest.TotalMicroseconds));
            _flying.Enqueue((datagram, from, to), (arrival.Microseconds, _order++));
        }
        while (_luck.Chance(Doubling));
    }

    /// <summary>Runs until the condition holds; <see langword="false"/> when the time is over before.</summary>
    public bool Run(TimeSpan limit, Func<bool>? until = null)
    {
        var end = Now + limit;
        while (true)
        {
            foreach (var peer in new[] { A, B })
            {
                foreach (var (datagram, to) in peer.Advance(Now)) Send(datagram, peer.Address, to);
            }

            if (until?.Invoke() == true) return true;
            var next = Instant.Min(A.NextTimeout, B.NextTimeout);
            if (_flying.TryPeek(out _, out var arrival)) next = Instant.Min(next, new Instant(arrival.Time));
            if (_planned.TryPeek(out _, out var plan)) next = Instant.Min(next, new Instant(plan.Time));
            if (next > end)
            {
                Now = end;
                return false;
            }

            Now = Instant.Max(Now, next);
            while (_planned.TryPeek(out var action, out plan) && plan.Time <= Now.Microseconds)
            {
                _planned.Dequeue();
                action(Now);
            }

            while (_flying.TryPeek(out var flying, out arrival) && arrival.Time <= Now.Microseconds)
            {
                _flying.Dequeue();
                Deliver(flying.Datagram, flying.From, flying.To);
            }
        }
    }

    public void Deliver(byte[] datagram, UdpEndpoint from, UdpEndpoint to)
    {
        var peer = to.SameAddress(A.Address) ? A : to.SameAddress(B.Address) ? B : null;
        if (peer is null) return;
        foreach (var (answer, destination) in peer.Receive(datagram, from, Now)) Send(answer, peer.Address, destination);
    }

    /// <summary>Whether both have heard each other in that epoch.</summary>
    public bool BothIn(uint epoch) => A.Session.Channel.ReceiveEpoch == epoch && B.Session.Channel.ReceiveEpoch == epoch;

    public bool BothReady() => A.Live.Any(session => session.IsReady) && B.Live.Any(session => session.IsReady);

    /// <summary>Each side pastes the other's ticket, or the other's bare address.</summary>
    public void PasteBoth(bool tickets)
    {
        if (tickets)
        {
            A.Paste(B, Now);
            B.Paste(A, Now);
        }
        else
        {
            A.PasteBare(B.Address, Now);
            B.PasteBare(A.Address, Now);
        }
    }

    /// <summary>Lets everything through and keeps it, from now on.</summary>
    public List<(byte[] Datagram, UdpEndpoint From, UdpEndpoint To)> Record()
    {
        var recorded = new List<(byte[] Datagram, UdpEndpoint From, UdpEndpoint To)>();
        Inspect = (datagram, from, to) =>
        {
            recorded.Add((datagram, from, to));
            return true;
        };
        return recorded;
    }

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }
}
