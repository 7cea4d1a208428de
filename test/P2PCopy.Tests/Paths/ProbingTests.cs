using P2PCopy.NatTraversal.Paths;
using static P2PCopy.Tests.Paths.PathBench;

namespace P2PCopy.Tests.Paths;

public sealed class ProbingTests
{
    [Fact]
    public void All_addresses_are_probed_at_once_five_milliseconds_apart_and_the_most_promising_first()
    {
        var bench = new PathBench();
        bench.Tell(Reflexive, V6, Lan, Mapped);
        bench.Run(0.05);

        Assert.Equal([Lan, V6, Mapped, Reflexive], bench.Sent.Select(sent => sent.Message.Destination));
        Assert.Equal([0d, 5, 10, 15], bench.Sent.Select(sent => sent.At.TotalMilliseconds));
        Assert.All(bench.Sent, sent => Assert.Equal(PathMessageKind.Handshake, sent.Message.Kind));
    }

    [Fact]
    public void An_address_is_probed_fast_then_steadily_for_as_long_as_it_takes()
    {
        var bench = new PathBench();
        bench.Tell(Reflexive);
        bench.Run(14);

        double[] fast = [0, 100, 300, 700, 1500];
        var steady = Enumerable.Range(4, 17).Select(half => half * 500d);
        Assert.Equal([.. fast, .. steady, 11_000, 12_000, 13_000, 14_000], bench.Times(PathMessageKind.Handshake, Reflexive));
    }

    [Fact]
    public void A_program_that_slept_probes_once_and_goes_on()
    {
        var bench = new PathBench();
        bench.Tell(Reflexive);
        bench.Run(1);
        var before = bench.Sent.Count;
        var woken = bench.Now + TimeSpan.FromSeconds(3600);
        bench.Paths.HandleTimeout(woken);
        Assert.True(bench.Paths.TryNext(woken, out _));
        Assert.False(bench.Paths.TryNext(woken, out _));
        Assert.Equal(4, before);
        Assert.True(bench.Paths.NextTimeout > woken);
    }

    [Fact]
    public void An_address_that_is_heard_is_probed_before_all_others()
    {
        var bench = new PathBench();
        bench.Tell(Lan, V6, Mapped, Reflexive);
        bench.Command(paths => paths.AddressHeard(Stranger, 160, bench.Now));
        bench.Run(0.006);
        Assert.Equal([Lan, Stranger], bench.Sent.Select(sent => sent.Message.Destination));
    }

    [Fact]
    public void An_address_that_was_only_heard_gets_no_more_than_it_sent()
    {
        var bench = new PathBench();
        bench.Command(paths => paths.AddressHeard(Stranger, 160, bench.Now));
        bench.Run(60);
        Assert.Single(bench.Sent);
    }

    [Fact]
    public void With_a_session_probes_are_pings_and_the_way_it_came_is_tried_first()
    {
        var bench = new PathBench();
        bench.Tell(Lan, V6, Mapped, Reflexive);
        bench.Run(0.2);
        bench.Sent.Clear();
        bench.Begin(true, Reflexive);
        bench.Run(0.05);

        // What asks for the size of datagrams comes after all of them.
        Assert.Equal([Reflexive, Lan, V6, Mapped, Reflexive, Reflexive, Reflexive], bench.Sent.Select(sent => sent.Message.Destination));
        Assert.Equal([60, 60, 60, 60, 1472, 1452, 1392], bench.Sent.Select(sent => sent.Message.PadTo));
        Assert.All(bench.Sent, sent => Assert.Equal(PathMessageKind.Ping, sent.Message.Kind));
        Assert.Equal(7, bench.Sent.Select(sent => sent.Message.Challenge).Distinct().Count());
    }

    [Fact]
    public void More_addresses_than_allowed_and_impossible_ones_are_left_out()
    {
        var bench = new PathBench();
        var many = Enumerable.Range(1, 40).Select(port => Reflexive.WithPort((ushort)port));
        bench.Tell([.. many]);
        Assert.Equal(16, bench.Paths.Known);
        for (ushort port = 1; port < 100; port++) bench.Paths.AddressHeard(Stranger.WithPort(port), 160, bench.Now);
        Assert.Equal(24, bench.Paths.Known);

        var other = new PathBench();
        other.Tell(Reflexive.WithPort(0), Endpoint("255.255.255.255:1"), Endpoint("224.0.0.1:1"), Endpoint("[ff02::1]:1"), Endpoint("0.0.0.0:1"));
        Assert.Equal(0, other.Paths.Known);
    }

    [Fact]
    public void A_new_ticket_replaces_what_does_not_work_and_keeps_what_does()
    {
        var bench = new PathBench();
        bench.Tell([.. Enumerable.Range(1, 16).Select(port => Reflexive.WithPort((ushort)port))]);
        var works = Reflexive.WithPort(3);
        bench.Reachable[works] = TimeSpan.FromMilliseconds(20);
        bench.Begin(true, works);
        bench.Run(1);
        Assert.Equal(works, bench.Paths.Current);

        bench.Tell([.. Enumerable.Range(1, 16).Select(port => Mapped.WithPort((ushort)port))]);
        Assert.Equal(16, bench.Paths.Known);
        Assert.Equal(works, bench.Paths.Current);
        Assert.Equal(15, bench.Paths.Report().Count(path => path.Candidate.Endpoint.SameAddress(Mapped) && path.Candidate.Endpoint != works));
    }

    [Fact]
    public void When_the_session_ends_told_addresses_are_probed_with_handshakes_again()
    {
        var bench = new PathBench();
        bench.Tell(Reflexive);
        bench.Reachable[Reflexive] = TimeSpan.FromMilliseconds(20);
        bench.Begin(false, Stranger);
        bench.Run(1);
        bench.Sent.Clear();
        bench.Command(paths => paths.SessionEnded(bench.Now));
        bench.Run(0.01);
        Assert.Null(bench.Paths.Current);
        Assert.Equal([(PathMessageKind.Handshake, Reflexive)], bench.Sent.Select(sent => (sent.Message.Kind, sent.Message.Destination)));
    }
}
