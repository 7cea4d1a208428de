using System.Net;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.EndToEnd.Datagrams;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>What routers do to the packets of our sockets.</summary>
[Collection(LabCollection.Name)]
public sealed class LabSocketTests : IDisposable
{
    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [LabTheory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void A_packet_with_one_hop_dies_at_the_router_and_the_next_passes(string local)
    {
        var net = new LabTopology(_lab);
        var host = net.AddHost("host", LabNat.PortRestricted);
        var server = new UdpProbe(net.Internet);
        var to = UdpEndpoint.From(IPAddress.Parse(LabTopology.ServerAddresses[0]), (ushort)server.Local.Port);
        UdpDriver? driver = null;
        host.Machine.Enter(() => driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.Parse(local), 0), bothFamilies: true)));
        using (driver)
        {
            var machine = new SpokenWords();
            driver!.Add(machine);
            using (driver.EnterTurn())
            {
                machine.Say("short", to, timeToLive: 1);
                machine.Say("long", to);
                machine.Say("short", to, timeToLive: 1);
                machine.Say("end", to);
            }

            Assert.Equal(["long"], server.HearUntil("end"));
        }
    }
}
