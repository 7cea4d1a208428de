using P2PCopy.NatTraversal.Paths;
using static P2PCopy.Tests.Paths.PathBench;

namespace P2PCopy.Tests.Paths;

public sealed class ValidationTests
{
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void A_path_is_current_once_its_challenge_came_back_from_the_same_address()
    {
        var bench = new PathBench();
        bench.Tell(Lan, Reflexive);
        bench.Begin(true, Reflexive);
        bench.Run(0.01);
        var challenge = bench.Sent.Single(sent => sent.Message is { Kind: PathMessageKind.Ping, Destination: var to } && to == Reflexive).Message.Challenge;

        bench.Command(paths => paths.PongReceived(Reflexive, challenge + 1, Self, 60, bench.Now));
        bench.Command(paths => paths.PongReceived(Lan, challenge, Self, 60, bench.Now));
        bench.Command(paths => paths.PongReceived(Stranger, challenge, Self, 60, bench.Now));
        Assert.Null(bench.Paths.Current);

        bench.Command(paths => paths.PongReceived(Reflexive, challenge, Self, 60, bench.Now));
        Assert.Equal(Reflexive, bench.Paths.Current);
        Assert.Equal(Self, bench.Paths.Observed);
        Assert.Equal(PathEventKind.Opened, Assert.Single(bench.Events).Kind);
    }

    [Fact]
    public void A_ping_is_answered_with_its_challenge_and_its_size_to_where_it_came_from()
    {
        var bench = new PathBench();
        bench.Begin(false, Stranger);
        bench.Paths.Received(Stranger, 1472, isNewest: true, isTransport: false, bench.Now);
        bench.Command(paths => paths.PingReceived(Stranger, 77, 1472, bench.Now));
        var pong = bench.Sent.Single(sent => sent.Message.Kind == PathMessageKind.Pong).Message;
        Assert.Equal((Stranger, Stranger, 77UL, 1472, true), (pong.Destination, pong.Observed, pong.Challenge, pong.PadTo, pong.DontFragment));
    }

    [Fact]
    public void Never_more_than_three_times_goes_to_a_source_that_did_not_prove_itself()
    {
        var bench = new PathBench();
        bench.Begin(false, Reflexive);
        bench.Reachable[Reflexive] = Near;
        bench.Run(1);
        bench.Sent.Clear();
        bench.Paths.Received(Stranger, 60, isNewest: true, isTransport: true, bench.Now);
        for (var i = 0; i < 50; i++)
        {
            bench.Command(paths => paths.PingReceived(Stranger, (ulong)i, 60, bench.Now));
            bench.Run(0.3);
        }

        Assert.InRange(bench.Sent.Where(sent => sent.Message.Destination == Stranger).Sum(sent => Math.Max(60, sent.Message.PadTo)), 60, 180);
    }

    // PROTOCOL PATH-5.
    [Fact]
    public void Who_answers_the_first_message_where_it_was_told_to_be_is_lent_8192_bytes_once()
    {
        var bench = new PathBench();
        bench.Tell(Reflexive);
        var sent = 0;
        for (var session = 0; session < 3; session++)
        {
            bench.Begin(true, Reflexive);
            for (var i = 0; i < 50; i++)
            {
                bench.Run(0.2);
                if (bench.Paths.DestinationFor(1250) is null) continue;
                bench.Command(paths => paths.ControlSent(Reflexive, 1250, bench.Now));
                sent += 1250;
            }

            bench.Command(paths => paths.SessionEnded(bench.Now));
        }

        // Three answers came, of 128 bytes each; plain probes are counted by their plan.
        Assert.InRange(sent + bench.Sent.Where(sent => sent.Message.PadTo > 60).Sum(sent => sent.Message.PadTo), 1250, 8192 + (3 * 3 * 128));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Nothing_is_lent_to_an_address_that_nobody_told_of_or_by_a_responder(bool isInitiator, bool isTold)
    {
        var bench = new PathBench();
        if (isTold) bench.Tell(Reflexive);
        bench.Begin(isInitiator, Reflexive);
        bench.Paths.Received(Reflexive, 60, isNewest: true, isTransport: false, bench.Now);
        bench.Run(1);
        Assert.Null(bench.Paths.DestinationFor(1232));
        Assert.DoesNotContain(bench.Sent, sent => sent.Message.PadTo > 60);
    }

    [Fact]
    public void A_datagram_that_is_not_the_newest_makes_no_address_known()
    {
        var bench = new PathBench().Begin(false, Reflexive);
        bench.Paths.Received(Stranger, 1472, isNewest: false, isTransport: true, bench.Now);
        Assert.Equal(1, bench.Paths.Known);
    }

    [Fact]
    public void Before_a_path_is_valid_messages_go_where_the_peer_was_heard_if_they_are_short()
    {
        var bench = new PathBench().Begin(false, Reflexive);
        Assert.Null(bench.Paths.DestinationFor(60));
        bench.Paths.Received(Reflexive, 60, isNewest: true, isTransport: false, bench.Now);
        Assert.Equal(Reflexive, bench.Paths.DestinationFor(60));
        Assert.Null(bench.Paths.DestinationFor(1232));
        bench.Reachable[Reflexive] = Near;
        bench.Run(1);
        Assert.Equal(Reflexive, bench.Paths.DestinationFor(1232));
    }

    [Fact]
    public void A_path_that_was_silent_for_half_a_minute_is_valid_no_more()
    {
        var bench = new PathBench();
        bench.Tell(Reflexive);
        bench.Reachable[Reflexive] = Near;
        bench.Begin(true, Reflexive);

        // The last test of the first five seconds is what it was heard by.
        bench.Run(5.5);
        bench.Reachable.Clear();
        bench.Run(29);
        Assert.Equal(Reflexive, bench.Paths.Current);
        bench.Run(1);
        Assert.Null(bench.Paths.Current);
        bench.Reachable[Reflexive] = Near;
        bench.Run(1);
        Assert.Equal(Reflexive, bench.Paths.Current);
    }

    [Fact]
    public void What_the_network_repeats_counts_once()
    {
        var bench = new PathBench();
        bench.Tell(Reflexive);
        bench.Begin(true, Reflexive);
        bench.Run(0.01);
        var challenge = bench.Sent.Single(sent => sent.Message is { Kind: PathMessageKind.Ping, PadTo: 60, Destination: var to } && to == Reflexive).Message.Challenge;
        bench.Command(paths => paths.PongReceived(Reflexive, challenge, Self, 60, bench.Now));
        var roundTrip = bench.Paths.RoundTrip;
        bench.Run(0.05);
        bench.Command(paths => paths.PongReceived(Reflexive, challenge, Self, 60, bench.Now));
        Assert.Equal(roundTrip, bench.Paths.RoundTrip);
    }
}
