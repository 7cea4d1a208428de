using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>A place that datagrams pass: a host, a NAT or the internet. Nodes form a tree whose root is the internet.</summary>
public abstract class SimNode
{
    private readonly Dictionary<UdpEndpoint, SimNode> _below = [];

    private protected SimNode(SimNetwork network, string name, SimNode? parent)
    {
        Network = network;
        Name = name;
        Parent = parent;
    }

    /// <summary>What it is called in traces.</summary>
    public string Name { get; }

    /// <summary>The network it is a part of.</summary>
    public SimNetwork Network { get; }

    /// <summary>What is between it and the internet; none for the internet itself.</summary>
    public SimNode? Parent { get; private protected set; }

    /// <summary>The link towards the internet, when this node has one of its own; its knobs may be turned while it runs.</summary>
    public Links.SimLink? Uplink => Up?.Link;

    /// <summary>The link from the internet, when this node has one of its own.</summary>
    public Links.SimLink? Downlink => Down?.Link;

    internal LinkPort? Up { get; set; }

    internal LinkPort? Down { get; set; }

    internal abstract void ArriveFromBelow(SimDatagram datagram);

    internal abstract void ArriveFromAbove(SimDatagram datagram);

    /// <summary>Makes an address known here and, as long as nobody translates it, further up.</summary>
    internal virtual void Announce(UdpEndpoint address, SimNode child)
    {
        _below[address.WithPort(0)] = child;
        Parent?.Announce(address, this);
    }

    /// <summary>Makes an address unknown again, here and further up.</summary>
    internal void Withdraw(UdpEndpoint address, SimNode child)
    {
        if (_below.GetValueOrDefault(address.WithPort(0)) != child) return;
        _below.Remove(address.WithPort(0));
        Parent?.Withdraw(address, this);
    }

    private protected void RouteBelow(UdpEndpoint address, SimNode child) => _below[address.WithPort(0)] = child;

    private protected SimNode? FindBelow(UdpEndpoint address) => _below.GetValueOrDefault(address.WithPort(0));

    private protected void SendUp(SimDatagram datagram)
    {
        if (Up is { } up) up.Send(datagram);
        else Parent!.ArriveFromBelow(datagram);
    }

    internal void SendDown(SimDatagram datagram)
    {
        if (Down is { } down) down.Send(datagram);
        else ArriveFromAbove(datagram);
    }

    private protected void Drop(SimDatagram datagram, string why)
    {
        Network.Trace.Add(Network.Now, Name, why, datagram);
        Network.Pool.Return(datagram);
    }
}
