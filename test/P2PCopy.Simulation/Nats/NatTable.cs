using P2PCopy.Datagrams;

namespace P2PCopy.Simulation.Nats;

/// <summary>
/// The mappings of one NAT as a pure machine over time: which outside endpoint a flow leaves from, and which inside endpoint a
/// datagram from outside may reach.
/// </summary>
public sealed class NatTable
{
    private const int FirstPort = 1024;
    private const int LastPort = 65535;

    private readonly SeededRandom _random;
    private readonly Dictionary<(UdpEndpoint Inside, UdpEndpoint Scope), NatMapping> _byInside = [];
    private readonly Dictionary<UdpEndpoint, NatMapping> _byOutside = [];
    private readonly Dictionary<(UdpEndpoint Far, UdpEndpoint Outside), Instant> _occupied = [];
    private readonly HashSet<ushort> _burnt = [];
    private int _lastPort;

    /// <summary>An empty table.</summary>
    /// <param name="behavior">What the NAT does.</param>
    /// <param name="outside">Its outside address; the port does not matter.</param>
    /// <param name="random">Its luck with ports.</param>
    public NatTable(NatBehavior behavior, UdpEndpoint outside, SeededRandom random)
    {
        Behavior = behavior;
        _random = random;
        OutsideAddress = outside.WithPort(0);
        _lastPort = (int)random.Between(FirstPort, LastPort);
    }

    /// <summary>What the NAT does; a change concerns what comes after it.</summary>
    public NatBehavior Behavior { get; set; }

    /// <summary>The outside address, with port 0.</summary>
    public UdpEndpoint OutsideAddress { get; }

    /// <summary>Mappings that were made, expired ones included.</summary>
    public long MappingsMade { get; private set; }

    /// <summary>A datagram goes out: the endpoint it leaves from. Makes or renews the mapping.</summary>
    public UdpEndpoint MapOutbound(UdpEndpoint inside, UdpEndpoint far, Instant now)
    {
        var mapping = FindOrCreate(inside, Scoped(far, Behavior.Mapping), far, now);
        if (Behavior.UnsolicitedOccupies && !Permits(mapping, far, now) && IsOccupied(far, mapping.Outside, now))
            mapping = FindOrCreate(inside, far, far, now, moved: true);
        else if (Behavior.UnsolicitedOccupies && FindAlive(inside, far, now) is { } moved)
            mapping = moved;
        mapping.Use(Scoped(far, Behavior.Filtering), now);
        return mapping.Outside;
    }

    /// <summary>A datagram comes in: whom it is for. <see langword="false"/>: for nobody, or not from there.</summary>
    public bool TryMapInbound(UdpEndpoint outside, UdpEndpoint far, Instant now, out UdpEndpoint inside)
    {
        inside = default;
        if (_byOutside.TryGetValue(outside, out var mapping) && IsAlive(mapping, now) && Admits(mapping, far, now))
        {
            inside = mapping.Inside;
            mapping.IsAstray = false;
            if (Behavior.InboundRefreshes) mapping.Use(Scoped(far, Behavior.Filtering), now);
            return true;
        }

        if (Behavior.UnsolicitedOccupies) _occupied[(far, outside)] = now;
        return false;
    }

    /// <summary>All mappings are gone, as after <c>conntrack -F</c>; what goes out next makes new ones by the port choice.</summary>
    public void Flush()
    {
        _byInside.Clear();
        _byOutside.Clear();
        _occupied.Clear();
    }

    /// <summary>
    /// The NAT has been restarted: all mappings are gone, and flows that continue get other ports than they had, whatever the port choice.
    /// </summary>
    public void Restart()
    {
        foreach (var outside in _byOutside.Keys) _burnt.Add(outside.Port);
        Flush();
    }

    private static UdpEndpoint Scoped(UdpEndpoint far, NatScope scope) => scope switch
    {
        NatScope.EndpointIndependent => default,
        NatScope.AddressDependent => far.WithPort(0),
        _ => far,
    };

    private NatMapping? FindAlive(UdpEndpoint inside, UdpEndpoint scope, Instant now) =>
        _byInside.TryGetValue((inside, scope), out var mapping) && IsAlive(mapping, now) ? mapping : null;

    private NatMapping FindOrCreate(UdpEndpoint inside, UdpEndpoint scope, UdpEndpoint far, Instant now, bool moved = false)
    {
        if (FindAlive(inside, scope, now) is { } found) return found;
        if (_byInside.Remove((inside, scope), out var expired) && _byOutside.GetValueOrDefault(expired.Outside) == expired)
            _byOutside.Remove(expired.Outside);

        var outside = Translates(inside) ? OutsideAddress.WithPort(ChoosePort(inside, far, now, moved)) : inside;
        var mapping = new NatMapping(inside, outside, scope) { IsAstray = moved };
        MappingsMade++;
        _byInside[(inside, scope)] = mapping;
        _byOutside[outside] = mapping;
        return mapping;
    }

    private bool Translates(UdpEndpoint inside) => Behavior.Translates && inside.IsIPv4;

    // Linux forgets sooner what was never answered.
    private bool IsAlive(NatMapping mapping, Instant now) => now - mapping.LastUsed < (mapping.IsAstray ? Behavior.UnsolicitedTimeout : Behavior.MappingTimeout);

    private bool Admits(NatMapping mapping, UdpEndpoint far, Instant now) =>
        Behavior.Filtering == NatScope.EndpointIndependent || Permits(mapping, far, now);

    private bool Permits(NatMapping mapping, UdpEndpoint far, Instant now) =>
        mapping.Permits(Scoped(far, Behavior.Filtering), now, Behavior.MappingTimeout);

    private bool IsOccupied(UdpEndpoint far, UdpEndpoint outside, Instant now) =>
        _occupied.TryGetValue((far, outside), out var at) && now - at < Behavior.UnsolicitedTimeout;

    private ushort ChoosePort(UdpEndpoint inside, UdpEndpoint far, Instant now, bool moved)
    {
        if (Behavior.PortChoice.Preserves && !moved && IsFree(inside.Port, now)) return inside.Port;
        for (var attempt = 0; attempt < 4 * LastPort; attempt++)
        {
            _lastPort = Behavior.PortChoice.Step is var step and not 0
                ? FirstPort + Modulo(_lastPort - FirstPort + step, LastPort - FirstPort + 1)
                : (int)_random.Between(Behavior.PortChoice.Lowest, Behavior.PortChoice.Highest);
            var port = (ushort)_lastPort;
            if (IsFree(port, now) && !IsOccupied(far, OutsideAddress.WithPort(port), now)) return port;
        }

        throw new InvalidOperationException("the NAT has no free port left");
    }

    private bool IsFree(ushort port, Instant now) =>
        !_burnt.Contains(port) && !(_byOutside.TryGetValue(OutsideAddress.WithPort(port), out var holder) && IsAlive(holder, now));

    private static int Modulo(int value, int modulus) => ((value % modulus) + modulus) % modulus;
}
