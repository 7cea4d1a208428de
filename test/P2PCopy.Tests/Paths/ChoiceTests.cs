using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Paths;
using P2PCopy.NatTraversal.Tickets;
using static P2PCopy.Tests.Paths.PathBench;

namespace P2PCopy.Tests.Paths;

public sealed class ChoiceTests
{
    [Theory]
    [InlineData("192.168.1.1:1", CandidateKind.Host, PathRoute.Lan)]
    [InlineData("10.0.0.1:1", CandidateKind.PeerReflexive, PathRoute.Lan)]
    [InlineData("172.31.0.1:1", CandidateKind.Host, PathRoute.Lan)]
    [InlineData("169.254.3.4:1", CandidateKind.Host, PathRoute.Lan)]
    [InlineData("127.0.0.1:1", CandidateKind.Host, PathRoute.Lan)]
    [InlineData("172.32.0.1:1", CandidateKind.Host, PathRoute.Internet)]
    [InlineData("100.64.0.9:1", CandidateKind.Host, PathRoute.Internet)]
    [InlineData("25.7.1.1:1", CandidateKind.Host, PathRoute.Internet)]
    [InlineData("25.7.1.1:1", CandidateKind.Mapped, PathRoute.Mapped)]
    [InlineData("25.7.1.1:1", CandidateKind.PeerReflexive, PathRoute.Internet)]
    [InlineData("[fd00::1]:1", CandidateKind.HostV6, PathRoute.Lan)]
    [InlineData("[fe80::1]:1", CandidateKind.HostV6, PathRoute.Lan)]
    [InlineData("[2a00::1]:1", CandidateKind.HostV6, PathRoute.IPv6)]
    public void The_route_is_told_by_the_address(string endpoint, CandidateKind kind, PathRoute route) =>
        Assert.Equal(route, PathRoutes.Of(new Candidate(kind, Endpoint(endpoint))));

    [Theory]
    [InlineData(20, 20, true)]
    [InlineData(20, 24, true)]
    [InlineData(20, 26, false)]
    [InlineData(0.2, 0.9, true)]
    public void A_better_kind_of_path_is_taken_if_it_is_not_much_slower(double internet, double lan, bool moves)
    {
        var bench = Meet(isInitiator: true, (Reflexive, internet), (Lan, lan));
        Assert.Equal(moves ? Lan : Reflexive, bench.Paths.Current);
    }

    [Theory]
    [InlineData(50, 39, true)]
    [InlineData(50, 41, false)]
    [InlineData(20, 11, false)]
    [InlineData(100, 85, false)]
    public void A_worse_kind_of_path_is_taken_if_it_is_much_faster(double lan, double internet, bool moves)
    {
        // The faster one answers late, so that it is not simply the first.
        var bench = Meet(isInitiator: true, (Lan, lan));
        bench.Tell(Lan, Reflexive);
        bench.Reachable[Reflexive] = TimeSpan.FromMilliseconds(internet);
        bench.Run(6);
        Assert.Equal(moves ? Reflexive : Lan, bench.Paths.Current);
    }

    [Fact]
    public void The_initiator_says_what_it_chose_until_it_is_answered()
    {
        var bench = new PathBench { AnswersNominations = false };
        bench.Tell(Reflexive);
        bench.Reachable[Reflexive] = TimeSpan.FromMilliseconds(40);
        bench.Begin(true, Reflexive);
        bench.Run(1);
        Assert.Equal([45, 245, 445, 645, 845], bench.Times(PathMessageKind.Nominate, Reflexive));
        bench.AnswersNominations = true;
        bench.Run(1);
        Assert.Equal(6, bench.Times(PathMessageKind.Nominate, Reflexive).Length);
    }

    [Fact]
    public void The_responder_takes_the_first_path_and_then_the_one_that_is_nominated()
    {
        var bench = Meet(isInitiator: false, (Reflexive, 20), (Lan, 1));
        Assert.Empty(bench.Times(PathMessageKind.Nominate, Lan));
        var other = bench.Paths.Current == Lan ? Reflexive : Lan;
        bench.Paths.Received(other, 60, isNewest: true, isTransport: false, bench.Now);
        bench.Command(paths => paths.NominationReceived(other, 1, bench.Now));
        Assert.Equal(other, bench.Paths.Current);
        Assert.Equal((1u, true), (bench.Sent[^1].Message.Generation, bench.Sent[^1].Message.IsAnswer));

        // What was chosen earlier may arrive later.
        bench.Command(paths => paths.NominationReceived(V6, 1, bench.Now));
        Assert.Equal(other, bench.Paths.Current);
    }

    [Fact]
    public void A_nominated_path_that_is_not_valid_yet_is_challenged_first()
    {
        var bench = Meet(isInitiator: false, (Reflexive, 20));
        bench.Paths.Received(Stranger, 100, isNewest: true, isTransport: false, bench.Now);
        bench.Command(paths => paths.NominationReceived(Stranger, 1, bench.Now));
        Assert.Equal(Reflexive, bench.Paths.Current);
        bench.Reachable[Stranger] = TimeSpan.FromMilliseconds(30);
        bench.Run(0.2);
        Assert.Equal(Stranger, bench.Paths.Current);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Data_from_a_new_source_moves_the_path_once_it_is_valid(bool isInitiator)
    {
        var bench = Meet(isInitiator, (Reflexive, 20));
        bench.Reachable.Remove(Reflexive);
        var moved = Reflexive.WithPort(7777);
        bench.Reachable[moved] = TimeSpan.FromMilliseconds(20);
        for (var i = 0; i < 4; i++)
        {
            bench.Data(moved);
            bench.Run(0.01);
        }

        Assert.Equal(moved, bench.Paths.Current);
        Assert.Equal((PathEventKind.Moved, moved, Reflexive), (bench.Events[^1].Kind, bench.Events[^1].Path, bench.Events[^1].Former));
    }

    [Fact]
    public void A_new_source_that_answers_no_challenge_moves_nothing()
    {
        var bench = Meet(isInitiator: false, (Reflexive, 20));
        for (var i = 0; i < 100; i++)
        {
            bench.Data(Stranger);
            bench.Run(0.05);
        }

        Assert.Equal(Reflexive, bench.Paths.Current);
    }

    [Fact]
    public void Questions_from_elsewhere_move_nothing_while_data_flows()
    {
        var bench = Meet(isInitiator: false, (Reflexive, 20), (Lan, 200));
        Assert.Equal(Reflexive, bench.Paths.Current);
        for (var i = 0; i < 100; i++)
        {
            bench.Data(Reflexive);
            bench.Paths.Received(Lan, 60, isNewest: true, isTransport: false, bench.Now);
            bench.Command(paths => paths.PingReceived(Lan, (ulong)i, 60, bench.Now));
            bench.Run(0.05);
        }

        Assert.Equal(Reflexive, bench.Paths.Current);
    }

    [Fact]
    public void An_initiator_whose_peer_sends_by_another_way_says_its_choice_again()
    {
        var bench = Meet(isInitiator: true, (Lan, 1), (Reflexive, 20));
        var before = bench.Times(PathMessageKind.Nominate, Lan).Length;
        for (var i = 0; i < 30; i++)
        {
            bench.Data(Reflexive);
            bench.Run(0.05);
        }

        Assert.InRange(bench.Times(PathMessageKind.Nominate, Lan).Length, before + 1, before + 3);
    }

    [Fact]
    public void Named_addresses_are_tried_and_answered_and_a_flood_of_them_is_not()
    {
        var bench = Meet(isInitiator: true, (Reflexive, 20));
        bench.Paths.Received(Reflexive, 500, isNewest: true, isTransport: false, bench.Now);
        bench.Sent.Clear();
        for (var generation = 1; generation <= 50; generation++)
        {
            var first = generation * 100;
            Candidate[] named = [.. Enumerable.Range(first, 16).Select(port => new Candidate(CandidateKind.Reflexive, Stranger.WithPort((ushort)port)))];
            bench.Command(paths => paths.CandidatesReceived(Reflexive, (uint)generation, named, bench.Now));
            bench.Run(0.1);
        }

        Assert.Equal(50, bench.Sent.Count(sent => sent.Message is { Kind: PathMessageKind.Candidates, IsAnswer: true }));
        Assert.InRange(bench.Sent.Where(sent => sent.Message.Destination.SameAddress(Stranger)).Select(sent => sent.Message.Destination).Distinct().Count(), 16, 36);
        Assert.Equal(Reflexive, bench.Paths.Current);
    }

    [Fact]
    public void Own_news_is_told_until_it_is_answered()
    {
        var bench = Meet(isInitiator: false, (Reflexive, 20));
        bench.Command(paths => paths.AnnounceCandidates(bench.Now));
        bench.Run(1);
        Assert.Equal(PathMessageKind.Candidates, Assert.Single(bench.Sent, sent => sent.Message.Kind == PathMessageKind.Candidates).Message.Kind);
    }

    internal static PathBench Meet(bool isInitiator, params (UdpEndpoint Endpoint, double Milliseconds)[] reachable)
    {
        var bench = new PathBench();
        bench.Tell([.. reachable.Select(path => path.Endpoint)]);
        foreach (var (endpoint, milliseconds) in reachable) bench.Reachable[endpoint] = TimeSpan.FromMilliseconds(milliseconds);
        bench.Begin(isInitiator, reachable[0].Endpoint);
        bench.Run(6);
        return bench;
    }
}
