using P2PCopy.Datagrams;
using P2PCopy.Simulation.Links;

namespace P2PCopy.Simulation;

/// <summary>Ties a link to the network's clock: it asks to be woken for the next delivery and hands on what is due.</summary>
internal sealed class LinkPort(SimNetwork network, string name, SimLink link, Action<SimDatagram> deliver) : IScheduled
{
    private Instant _scheduled = Instant.Never;

    public SimLink Link { get; } = link;

    public string Name { get; } = name;

    public void Send(SimDatagram datagram)
    {
        var now = network.Now;
        network.Trace.Add(now, Name, "sent", datagram);
        var fate = Link.Send(datagram, now);
        if (fate != LinkFate.Carried) network.Trace.Add(now, Name, Describe(fate));
        Reschedule();
    }

    public void Fire(Instant at)
    {
        // An earlier wake-up has been asked for since; this one is stale.
        if (at != _scheduled) return;
        _scheduled = Instant.Never;
        while (Link.TryDeliver(at, out var datagram)) deliver(datagram);
        Reschedule();
    }

    private void Reschedule()
    {
        if (Link.NextDelivery >= _scheduled) return;
        _scheduled = Link.NextDelivery;
        network.Schedule(_scheduled, this);
    }

    private static string Describe(LinkFate fate) => fate switch
    {
        LinkFate.Lost => "^ lost",
        LinkFate.QueueFull => "^ queue full",
        LinkFate.TooLong => "^ too long",
        _ => "^ black-out",
    };
}
