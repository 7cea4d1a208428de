using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>The public part of the network: it knows who has which public address and is some routers wide.</summary>
public sealed class SimInternet : SimNode
{
    internal SimInternet(SimNetwork network) : base(network, "internet", null)
    {
    }

    /// <summary>
    /// Routers between any two public addresses. Real: 5 to 15. At 8 even the third opener (hop limit 6) dies on its way, as it should.
    /// </summary>
    public int Hops { get; set; } = 8;

    internal override void ArriveFromBelow(SimDatagram datagram)
    {
        datagram.TimeToLive -= Hops;
        if (datagram.TimeToLive <= 0) Drop(datagram, "hops used up");
        else if (FindBelow(datagram.Destination) is { } next) next.SendDown(datagram);
        else Drop(datagram, "no such address");
    }

    internal override void ArriveFromAbove(SimDatagram datagram) => Drop(datagram, "nothing above");

    internal override void Announce(UdpEndpoint address, SimNode child)
    {
        if (FindBelow(address) is { } holder && holder != child)
            throw new InvalidOperationException($"{address.Address} belongs to {holder.Name}, it cannot be given to {child.Name}");
        RouteBelow(address, child);
    }
}
