using P2PCopy.Datagrams;
using static P2PCopy.Tests.Paths.PathBench;

namespace P2PCopy.Tests.Paths;

public sealed class DatagramSizeTests
{
    [Theory]
    [InlineData(1500, 1472)]
    [InlineData(1492, 1452)]
    [InlineData(1428, 1392)]
    [InlineData(1280, 1232)]
    [InlineData(576, 1232)]
    public void The_largest_datagram_that_passes_whole_is_found(int mtu, int size)
    {
        var bench = Search(Reflexive, mtu, 20, out var took);
        Assert.Equal(size, bench.Paths.DatagramBytes);
        Assert.InRange(took.TotalMilliseconds, 20, mtu == 1500 ? 46 : 130);
        Assert.All(bench.Sent.Where(sent => sent.Message.PadTo > 60), sent => Assert.True(sent.Message.DontFragment));
    }

    [Fact]
    public void By_version_six_headers_take_twenty_bytes_more()
    {
        var bench = Search(V6, 1500, 20, out _);
        Assert.Equal(1452, bench.Paths.DatagramBytes);
        Assert.DoesNotContain(bench.Sent, sent => sent.Message.PadTo == 1472);
    }

    // PROTOCOL PATH-10.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_found_with_the_first_round_trip_where_the_path_affords_the_questions(bool isInitiator)
    {
        var bench = new PathBench();
        bench.Tell(Reflexive);
        bench.Reachable[Reflexive] = TimeSpan.FromMilliseconds(200);
        bench.Begin(isInitiator, Reflexive);
        if (!isInitiator) bench.Paths.Received(Reflexive, 1472, isNewest: true, isTransport: false, bench.Now);
        bench.Run(0.22);
        Assert.True(bench.Paths.IsSettled);
        Assert.Equal(1472, bench.Paths.DatagramBytes);
    }

    [Fact]
    public void A_path_that_never_proves_itself_has_no_size_and_the_next_one_is_asked_anew()
    {
        var bench = new PathBench();
        bench.Tell(Reflexive, Lan);
        bench.Begin(true, Reflexive);
        bench.Run(4);
        Assert.Equal(3, bench.Sent.Count(sent => sent.Message.PadTo > 60));
        Assert.False(bench.Paths.IsSettled);
        bench.Mtu = 1450;
        bench.Reachable[Lan] = TimeSpan.FromMilliseconds(20);
        bench.Run(2);
        Assert.Equal((Lan, 1392), (bench.Paths.Current, bench.Paths.DatagramBytes));
    }

    [Fact]
    public void A_slow_path_is_given_three_round_trips_and_asked_twice()
    {
        var bench = Search(Reflexive, 1300, 300, out var took);
        Assert.Equal(1232, bench.Paths.DatagramBytes);
        Assert.InRange(took.TotalMilliseconds, 900, 920);
        Assert.Equal(2, bench.Sent.Count(sent => sent.Message.PadTo == 1472));
        Assert.Equal(2, bench.Sent.Count(sent => sent.Message.PadTo == 1392));
    }

    [Fact]
    public void A_pong_that_came_back_shorter_proves_no_more_than_its_own_size()
    {
        var bench = new PathBench();
        bench.Tell(Reflexive);
        bench.Reachable[Reflexive] = TimeSpan.FromMilliseconds(20);
        bench.Begin(true, Reflexive);
        bench.Run(0.026);
        bench.Reachable.Clear();
        var asked = bench.Sent.Single(sent => sent.Message.PadTo == 1472).Message;
        bench.Command(paths => paths.PongReceived(Reflexive, asked.Challenge, Self, 60, bench.Now));
        bench.Run(1);
        Assert.Equal(1232, bench.Paths.DatagramBytes);
    }

    [Fact]
    public void The_size_stays_when_the_path_moves()
    {
        var bench = Search(Reflexive, 1500, 20, out _);
        var moved = Reflexive.WithPort(7777);
        bench.Mtu = 1300;
        bench.Reachable.Clear();
        bench.Reachable[moved] = TimeSpan.FromMilliseconds(20);
        for (var i = 0; i < 10; i++)
        {
            bench.Data(moved);
            bench.Run(0.02);
        }

        Assert.Equal((moved, 1472), (bench.Paths.Current, bench.Paths.DatagramBytes));
    }

    private static PathBench Search(UdpEndpoint remote, int mtu, double milliseconds, out TimeSpan took)
    {
        var bench = new PathBench { Mtu = mtu };
        bench.Tell(remote);
        bench.Reachable[remote] = TimeSpan.FromMilliseconds(milliseconds);
        var start = bench.Now;
        bench.Begin(true, remote);
        while (!bench.Paths.IsSettled && bench.Now - start < TimeSpan.FromSeconds(5)) bench.Run(0.001);
        took = bench.Now - start;
        return bench;
    }
}
