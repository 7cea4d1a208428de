using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.NatDetection;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Crossing;

/// <summary>
/// The ports that a NAT which steps evenly will give to the peer's next mappings, one after another, again and again: other flows of its
/// house take some of them, the more the longer ago the ticket was made.
/// </summary>
// PROTOCOL PATH-18.
internal sealed class PortPrediction
{
    private const int MostSteps = 254;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Earnest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SweepInEarnest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SweepLater = TimeSpan.FromSeconds(2);

    // The order is that of the NAT, so that two sides that both foretell may meet halfway; behind it, what STUN may have missed.
    private static readonly int[] Behind = [-1, -2];

    private UdpEndpoint _address;
    private PredictedPorts _ports;
    private int _age;
    private Instant _began;
    private Instant _sweepBegan;
    private int _spread;
    private int _sent;

    /// <summary>When the next probe is due.</summary>
    public Instant Next { get; private set; } = Instant.Never;

    /// <summary>Begins.</summary>
    /// <param name="address">The peer's address, whatever its port.</param>
    /// <param name="ports">What its ticket foretells.</param>
    /// <param name="ticketAge">How old that is.</param>
    /// <param name="now">The time.</param>
    public void Begin(UdpEndpoint address, PredictedPorts ports, TimeSpan ticketAge, Instant now)
    {
        (_address, _ports, _began, Next) = (address, ports, now, now);
        _age = (int)Math.Clamp(ticketAge.TotalSeconds, 0, MostSteps);
        BeginSweep(now);
    }

    /// <summary>Ends.</summary>
    public void Stop() => Next = Instant.Never;

    /// <summary>The next address to probe, if one is due.</summary>
    public bool TryNext(Instant now, out UdpEndpoint destination)
    {
        destination = default;
        if (Next > now) return false;
        if (_sent == 0) BeginSweep(now);
        var step = _sent <= _spread ? _sent : Behind[_sent - _spread - 1];
        destination = _address.WithPort(PortCircle.Add(_ports.Next, _ports.Step * step));
        if (_sent < _spread + Behind.Length) (_sent, Next) = (_sent + 1, now + Pace);
        else (_sent, Next) = (0, Instant.Max(now + Pace, _sweepBegan + (now - _began < Earnest ? SweepInEarnest : SweepLater)));
        if (destination.Port == 0) return TryNext(Instant.Max(now, Next), out destination);
        return true;
    }

    private void BeginSweep(Instant now)
    {
        (_sweepBegan, _sent) = (now, 0);
        _spread = Math.Min(MostSteps, _ports.Spread + _age + (int)(now - _began).TotalSeconds);
    }
}
