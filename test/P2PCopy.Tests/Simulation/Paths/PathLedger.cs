using P2PCopy.Datagrams;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Simulation.Paths;

/// <summary>Keeps its own books of what one side does and stops the simulation when a rule is broken.</summary>
internal sealed class PathLedger(SimNetwork network, string name)
{
    private const long LentBytes = 8192;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    // A second to follow a peer on a known path, half of one for nominations that get lost, and the way there and back.
    private static readonly TimeSpan MostDisagreement = TimeSpan.FromSeconds(3);

    private readonly HashSet<UdpEndpoint> _told = [];
    private readonly HashSet<UdpEndpoint> _proved = [];
    private readonly HashSet<UdpEndpoint> _lentTo = [];
    private readonly Dictionary<ulong, UdpEndpoint> _asked = [];
    private readonly Dictionary<UdpEndpoint, (long Received, long Sent)> _bytes = [];
    private Instant? _lastProbe;
    private Instant? _disagreesSince;

    public long Probes { get; private set; }

    public void Told(UdpEndpoint endpoint) => _told.Add(endpoint);

    public void Received(UdpEndpoint remote, int bytes)
    {
        var (received, sent) = _bytes.GetValueOrDefault(remote);
        _bytes[remote] = (received + bytes, sent);
    }

    /// <summary>The first message was answered from there.</summary>
    public void Begun(UdpEndpoint remote)
    {
        if (_told.Contains(remote)) _lentTo.Add(remote);
    }

    public void Answered(UdpEndpoint remote, ulong challenge)
    {
        if (_asked.Remove(challenge, out var asked) && asked == remote) _proved.Add(remote);
    }

    public void Asked(UdpEndpoint remote, ulong challenge) => _asked[challenge] = remote;

    public void Sent(UdpEndpoint remote, int bytes, bool isProbe, bool isTransport, bool dontFragment, Instant now)
    {
        if (isProbe)
        {
            Probes++;
            if (_lastProbe is { } last && now - last < Pace) throw Breach($"two probes {now - last} apart");
            _lastProbe = now;
        }

        if (isTransport && !_proved.Contains(remote)) throw Breach($"data for {remote}, which has proved nothing");
        if (dontFragment && bytes > 1472) throw Breach($"{bytes} bytes in one piece");
        if (_proved.Contains(remote) || (isProbe && _told.Contains(remote) && bytes <= PathFrame.InitBytes)) return;
        var (received, sent) = _bytes.GetValueOrDefault(remote);
        sent += bytes;
        _bytes[remote] = (received, sent);
        if (sent > (3 * received) + (_lentTo.Contains(remote) ? LentBytes : 0)) throw Breach($"{sent} bytes for {remote}, which sent {received} and has proved nothing");
    }

    /// <summary>Data has come: does ours go where it comes from?</summary>
    public void Compare(UdpEndpoint remote, UdpEndpoint? current, Instant now)
    {
        if (current is null || current == remote) _disagreesSince = null;
        else if (_disagreesSince is not { } since) _disagreesSince = now;
        else if (now - since > MostDisagreement) throw Breach($"data comes from {remote} and goes to {current} since {now - since}");
    }

    private SimulationException Breach(string what) => network.Fail($"{name}: {what}");
}
