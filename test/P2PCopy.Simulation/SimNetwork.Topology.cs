using P2PCopy.Datagrams;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Simulation;

/// <content>Who is connected to what.</content>
public sealed partial class SimNetwork
{
    private uint _publicHosts;
    private uint _nats;
    private int _moves;

    /// <summary>Two hosts, each behind what its behaviour says, with the internet between them.</summary>
    /// <param name="left">The NAT or firewall of the left host.</param>
    /// <param name="right">The NAT or firewall of the right host.</param>
    /// <param name="link">The whole way from one to the other, in each direction for itself.</param>
    public (SimHost Left, SimHost Right) Peers(NatBehavior left, NatBehavior right, LinkProfile link) =>
        (Host("left", link, left), Host("right", link, right));

    /// <summary>Two hosts with public addresses.</summary>
    public (SimHost Left, SimHost Right) Peers(LinkProfile link) => Peers(NatBehavior.Open, NatBehavior.Open, link);

    /// <summary>A server with a public address that is reached by the links of its clients; answers take its own.</summary>
    /// <param name="name">Its name in traces.</param>
    /// <param name="link">From the server to the internet; perfect when left out.</param>
    /// <param name="address">Its address as text without a port; the next free one when left out.</param>
    public SimHost PublicHost(string name, LinkProfile? link = null, string? address = null)
    {
        var host = new SimHost(this, name, Internet, address is null ? NextPublicAddress() : ParseAddress(address), null);
        host.Up = CreatePort($"{name}>", link ?? LinkProfile.Ideal, Internet.ArriveFromBelow);
        return host;
    }

    /// <summary>A host behind any number of NATs and firewalls.</summary>
    /// <param name="name">Its name in traces.</param>
    /// <param name="link">From the outermost of them (or the host) to the internet.</param>
    /// <param name="nats">The nearest to the host first; two in a row are a home router behind a carrier's NAT.</param>
    public SimHost Host(string name, LinkProfile link, params NatBehavior[] nats)
    {
        var parent = AddNats(name, link, nats);
        var host = new SimHost(this, name, parent, NextInnerAddress(parent), NextV6Address());
        if (parent == Internet) host.Up = CreatePort($"{name}>", link, Internet.ArriveFromBelow);
        return host;
    }

    /// <summary>Takes a running host to another network, as when a telephone leaves the Wi-Fi: all its addresses change.</summary>
    /// <param name="host">The host; its sockets stay open.</param>
    /// <param name="link">As of <see cref="Host"/>.</param>
    /// <param name="nats">As of <see cref="Host"/>.</param>
    public void Move(SimHost host, LinkProfile link, params NatBehavior[] nats)
    {
        var name = $"{host.Name}-{++_moves}";
        var parent = AddNats(name, link, nats);
        host.MoveTo(parent, NextInnerAddress(parent), NextV6Address());
        if (parent == Internet) host.Up = CreatePort($"{name}>", link, Internet.ArriveFromBelow);
    }

    /// <summary>A further host behind a NAT that is there already.</summary>
    public SimHost HostBehind(SimNat nat, string name) => new(this, name, nat, NextInnerAddress(nat), NextV6Address());

    /// <summary>Puts a link of its own on the way from the internet to this host or its outermost NAT; without one that way is perfect.</summary>
    public SimLink AddDownlink(SimHost host, LinkProfile link)
    {
        var outermost = host.Nats.LastOrDefault() ?? (SimNode)host;
        outermost.Down = CreatePort($">{outermost.Name}", link, outermost.ArriveFromAbove);
        return outermost.Down.Link;
    }

    /// <summary>The link from this host (or its outermost NAT) to the internet: cut it, change it, read its counters.</summary>
    public static SimLink UplinkOf(SimHost host) => host.Uplink ?? host.Nats.Last().Uplink!;

    internal LinkPort CreatePort(string name, LinkProfile profile, Action<SimDatagram> deliver)
    {
        var port = new LinkPort(this, name, new SimLink(profile, RandomFor(name), Pool, Now), deliver);
        _ports.Add(port);
        return port;
    }

    private SimNode AddNats(string name, LinkProfile link, NatBehavior[] nats)
    {
        SimNode parent = Internet;
        for (var i = nats.Length - 1; i >= 0; i--)
            if (nats[i] != NatBehavior.Open) parent = AddNat(nats.Length == 1 ? $"{name}-nat" : $"{name}-nat{i + 1}", parent, nats[i], link);
        return parent;
    }

    private SimNat AddNat(string name, SimNode parent, NatBehavior behavior, LinkProfile link)
    {
        var nat = new SimNat(this, name, parent, behavior, NextInnerAddress(parent, forNat: true), ++_nats);
        if (behavior.Translates) parent.Announce(nat.OutsideAddress, nat);
        if (parent == Internet) nat.Up = CreatePort($"{name}>", link, Internet.ArriveFromBelow);
        return nat;
    }

    private UdpEndpoint NextInnerAddress(SimNode parent, bool forNat = false)
    {
        for (var node = parent; node is SimNat nat; node = nat.Parent)
            if (nat.Behavior.Translates) return nat.NextInsideAddress(forNat);
        return NextPublicAddress();
    }

    // 25.0.0.0/8 looks public to every rule of thumb; blocks for documentation would not.
    private UdpEndpoint NextPublicAddress() => UdpEndpoint.FromIPv4(0x19070001 + (++_publicHosts << 8), 0);

    private UdpEndpoint NextV6Address() => UdpEndpoint.FromIPv6(0x2a00_0007_0000_0000UL + ++_publicHosts, 2, 0);

    private static UdpEndpoint ParseAddress(string text) => UdpEndpoint.From(System.Net.IPAddress.Parse(text), 0);
}
