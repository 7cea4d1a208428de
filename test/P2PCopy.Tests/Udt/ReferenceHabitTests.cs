using P2PCopy.Datagrams;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Udt;

namespace P2PCopy.Tests.Udt;

/// <summary>Our sender against the habits of old receivers: each cost the reference seconds.</summary>
public sealed class ReferenceHabitTests
{
    private static readonly LinkProfile ShortPath = new() { Name = "short", BitsPerSecond = 1_000_000_000, Delay = TimeSpan.FromMicroseconds(50) };

    [Fact]
    public void Acknowledgements_that_come_late_do_not_hold_back_a_young_connection()
    {
        // 700 packets in slow start: the reference needs seven acknowledgements, each 108 ms after the other.
        var (took, _) = Send(seed: 1, 1_000_000, ShortPath);
        Assert.InRange(took.TotalMilliseconds, 1, 400);
    }

    [Fact]
    public void A_receiver_that_is_deaf_at_first_costs_no_second()
    {
        foreach (var seed in SimulationSeeds.From(1, 2, 3, 4, 5, 6))
        {
            var (took, receiver) = Send(seed, 10_000, ShortPath);
            Assert.InRange(took.TotalMilliseconds, 0, 700);
            Assert.True(receiver.Swallowed > 0);
        }
    }

    [Theory]
    [InlineData(0.001), InlineData(0.01), InlineData(0.05)]
    public void Reports_that_are_lost_and_never_repeated_do_not_stop_a_transfer(double loss)
    {
        foreach (var seed in SimulationSeeds.From(1, 2, 3, 4, 5))
        {
            var (took, _) = Send(seed, 500_000, ShortPath with { Loss = loss, Delay = TimeSpan.FromMilliseconds(10) });
            Assert.InRange(took.TotalSeconds, 0, loss < 0.02 ? 8 : 20);
        }
    }

    private static (TimeSpan Took, ReferenceReceiver Receiver) Send(ulong seed, int bytes, LinkProfile link)
    {
        using var net = new SimNetwork(seed);
        var (left, right) = net.Peers(link);
        var random = net.RandomFor("ids");
        var endpoint = new UdtEndpoint(new UdtOptions(), () => (uint)random.NextUInt64(), net.Now);
        var content = new byte[bytes];
        net.RandomFor("content").ToRandom().NextBytes(content);
        var (connection, written, connected) = ((UdtConnection?)null, 0, Instant.Never);
        var socket = left.Bind(5000, endpoint, now =>
        {
            if (connection is not { State: UdtState.Connected }) return;
            connected = Instant.Min(connected, now);
            written += connection.Write(content.AsSpan(written));
            if (written == bytes && connection.IsDrained) connection.Close(now);
        });
        var receiver = new ReferenceReceiver(socket.Local, net.Now);
        var remote = right.Bind(5000, receiver).Local;
        socket.Command(now => connection = endpoint.Rendezvous(remote, now));
        net.RunUntil(() => receiver.Stream.Count == bytes, TimeSpan.FromMinutes(2));
        var took = net.Now - connected;
        Assert.Equal(content, receiver.Stream);
        net.RunUntil(() => connection!.State == UdtState.Closed, TimeSpan.FromSeconds(50));
        Assert.Equal(CloseReason.ClosedLocally, connection!.CloseReason);
        return (took, receiver);
    }
}
