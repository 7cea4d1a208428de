using P2PCopy.Datagrams;
using P2PCopy.Simulation.Links;

namespace P2PCopy.Simulation.Nats;

/// <summary>A NAT or firewall in the network, with hosts or further NATs behind it.</summary>
public sealed class SimNat : SimNode
{
    // A switch between the hosts inside. It is never instant: a host must not be given an answer while it still sends.
    private static readonly LinkProfile Switch = LinkProfile.Lan with { Name = "switch" };

    private readonly Dictionary<SimNode, LinkPort> _ports = [];

    private readonly uint _number;
    private uint _addressesGiven;

    internal SimNat(SimNetwork network, string name, SimNode parent, NatBehavior behavior, UdpEndpoint outside, uint number)
        : base(network, name, parent)
    {
        _number = number;
        Table = new NatTable(behavior, outside, network.RandomFor(name));
    }

    /// <summary>What it does; a change concerns what comes after it.</summary>
    public NatBehavior Behavior
    {
        get => Table.Behavior;
        set => Table.Behavior = value;
    }

    /// <summary>Its mappings.</summary>
    public NatTable Table { get; }

    /// <summary>Whether it keeps hosts behind it from each other, as "client isolation" does, or a cable that was pulled.</summary>
    public bool IsolatesHosts { get; set; }

    /// <summary>Whether it is switched off: nothing passes in any direction, and nothing is forgotten.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Its outside address, with port 0.</summary>
    public UdpEndpoint OutsideAddress => Table.OutsideAddress;

    // 192.168.N.2 and on for hosts; 100.64.N.2 and on for home routers behind a carrier's NAT (RFC 6598).
    internal UdpEndpoint NextInsideAddress(bool forNat) =>
        UdpEndpoint.FromIPv4((forNat ? 0x64400002 : 0xc0a80002) + (_number << 8) + _addressesGiven++, 0);

    internal override void Announce(UdpEndpoint address, SimNode child)
    {
        RouteBelow(address, child);
        if (!Translates(address)) Parent!.Announce(address, this);
    }

    internal override void ArriveFromBelow(SimDatagram datagram)
    {
        if (IsSilent)
        {
            Drop(datagram, "switched off");
            return;
        }

        if (FindBelow(datagram.Destination) is { } neighbour)
        {
            if (IsolatesHosts) Drop(datagram, "isolated");
            else SendInside(neighbour, datagram);
            return;
        }

        if (Blocks(datagram)) Drop(datagram, "UDP blocked");
        else if (--datagram.TimeToLive <= 0) Drop(datagram, "hops used up");
        else if (Translates(datagram.Source) && datagram.Destination.SameAddress(OutsideAddress)) TurnBack(datagram);
        else
        {
            datagram.Source = Table.MapOutbound(datagram.Source, datagram.Destination, Network.Now);
            SendUp(datagram);
        }
    }

    internal override void ArriveFromAbove(SimDatagram datagram)
    {
        if (Blocks(datagram) || IsSilent) Drop(datagram, IsSilent ? "switched off" : "UDP blocked");
        else if (!Table.TryMapInbound(datagram.Destination, datagram.Source, Network.Now, out var inside)) Drop(datagram, "unsolicited");
        else if (--datagram.TimeToLive <= 0) Drop(datagram, "hops used up");
        else
        {
            datagram.Destination = inside;
            if (FindBelow(inside) is { } next) next.SendDown(datagram);
            else Drop(datagram, "no such address");
        }
    }

    // RFC 4787 REQ-9a: the host inside sees the outside address of the other, as anybody else would.
    private void TurnBack(SimDatagram datagram)
    {
        if (!Behavior.Hairpin)
        {
            Drop(datagram, "no hairpin");
            return;
        }

        datagram.Source = Table.MapOutbound(datagram.Source, datagram.Destination, Network.Now);
        if (!Table.TryMapInbound(datagram.Destination, datagram.Source, Network.Now, out var inside)) Drop(datagram, "unsolicited");
        else
        {
            datagram.Destination = inside;
            if (FindBelow(inside) is { } next) SendInside(next, datagram);
            else Drop(datagram, "no such address");
        }
    }

    private void SendInside(SimNode child, SimDatagram datagram)
    {
        if (!_ports.TryGetValue(child, out var port))
            _ports[child] = port = Network.CreatePort($"{Name}>{child.Name}", Switch, child.ArriveFromAbove);
        port.Send(datagram);
    }

    private bool Blocks(SimDatagram datagram) => Behavior.Blocked || (Behavior.BlocksIPv4 && datagram.Destination.IsIPv4);

    private bool Translates(UdpEndpoint address) => Behavior.Translates && address.IsIPv4;
}
