using System.Net;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.EndToEnd.Datagrams;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Trains of datagrams on links that are narrower than they are.</summary>
[Collection(LabCollection.Name)]
public sealed class LabTrainTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task Datagrams_that_the_link_must_fragment_arrive_although_the_kernel_does_not_cut_such_trains()
    {
        var (left, right) = (_lab.Add("left"), _lab.Add("right"));
        VethLink.Connect(new LinkEnd(left, "wire", "10.3.0.1/24"), new LinkEnd(right, "wire", "10.3.0.2/24"));
        left.Ip("link set wire mtu 1400");
        UdpDriver? here = null;
        UdpDriver? there = null;
        left.Enter(() => here = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.Any, 0))));
        right.Enter(() => there = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.Parse("10.3.0.2"), 0))));
        using (here)
        using (there)
        {
            var (mouth, ear) = (new Volley(), new Volley(88));
            here!.Add(mouth);
            there!.Add(ear);
            foreach (var length in (int[])[1472, 1300])
            {
                using var turn = here.EnterTurn();
                for (var i = 0; i < 44; i++) mouth.Send(new Transmit(length, there.LocalEndpoint), (byte)i);
            }

            await ear.Complete.WaitAsync(Limit, TestContext.Current.CancellationToken);

            Assert.Equal([.. Enumerable.Repeat(1472, 44), .. Enumerable.Repeat(1300, 44)], ear.Heard.Select(heard => heard.Length));
            Assert.Equal(0, here.SendErrors);
        }
    }
}
