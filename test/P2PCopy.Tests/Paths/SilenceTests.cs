using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Paths;
using static P2PCopy.Tests.Paths.PathBench;

namespace P2PCopy.Tests.Paths;

public sealed class SilenceTests
{
    [Fact]
    public void An_idle_path_is_asked_about_every_five_seconds_and_reserves_about_every_fifteen()
    {
        var bench = ChoiceTests.Meet(isInitiator: true, (Reflexive, 20), (Lan, 100), (V6, 120), (Mapped, 110));
        bench.Sent.Clear();
        bench.Run(59);
        Assert.InRange(bench.Times(PathMessageKind.Ping, Reflexive).Length, 9, 16);
        Assert.InRange(bench.Times(PathMessageKind.Ping, Lan).Length, 3, 5);
        Assert.InRange(bench.Times(PathMessageKind.Ping, V6).Length, 3, 5);
        Assert.InRange(bench.Times(PathMessageKind.Ping, Mapped).Length, 0, 1);
        Assert.DoesNotContain(bench.Events, happened => happened.Kind == PathEventKind.Suspect);
    }

    [Fact]
    public void A_path_that_carries_data_both_ways_is_not_asked()
    {
        var bench = ChoiceTests.Meet(isInitiator: true, (Reflexive, 20));
        bench.Sent.Clear();
        for (var i = 0; i < 500; i++)
        {
            bench.SendData();
            bench.Data(Reflexive);
            bench.Run(0.1);
        }

        Assert.Empty(bench.Sent);
    }

    [Fact]
    public void Five_seconds_without_an_answer_set_off_a_search_everywhere()
    {
        var bench = ChoiceTests.Meet(isInitiator: true, (Reflexive, 20), (Lan, 100));
        bench.Reachable.Clear();
        var cut = bench.Now;
        for (var i = 0; i < 49; i++)
        {
            bench.SendData();
            bench.Run(0.1);
        }

        Assert.False(bench.Paths.IsSuspect);
        bench.Run(0.2);
        Assert.True(bench.Paths.IsSuspect);
        Assert.Equal((PathEventKind.Suspect, Reflexive), (bench.Events[^1].Kind, bench.Events[^1].Path));

        bench.Sent.Clear();
        bench.Run(2.9);
        Assert.InRange(bench.Times(PathMessageKind.Ping, Reflexive).Length, 28, 30);
        Assert.InRange(bench.Times(PathMessageKind.Ping, Lan).Length, 28, 30);
        bench.Sent.Clear();
        bench.Run(10);
        Assert.InRange(bench.Times(PathMessageKind.Ping, Lan).Length, 19, 22);

        bench.Run((cut + TimeSpan.FromSeconds(119) - bench.Now).TotalSeconds);
        Assert.DoesNotContain(bench.Events, happened => happened.Kind == PathEventKind.Broken);
        bench.Run(1.1);
        Assert.Equal(PathEventKind.Broken, bench.Events[^1].Kind);
        bench.Run(300);
        Assert.Single(bench.Events, happened => happened.Kind == PathEventKind.Broken);
    }

    [Fact]
    public void The_first_way_that_answers_is_taken()
    {
        var bench = ChoiceTests.Meet(isInitiator: false, (Lan, 1), (Reflexive, 20));
        Assert.Equal(Lan, bench.Paths.Current);
        bench.Reachable.Remove(Lan);
        for (var i = 0; i < 52; i++)
        {
            bench.SendData();
            bench.Run(0.1);
        }

        Assert.Equal(Reflexive, bench.Paths.Current);
        Assert.Equal([PathEventKind.Opened, PathEventKind.Suspect, PathEventKind.Moved, PathEventKind.Restored], bench.Events.Select(happened => happened.Kind));
    }

    [Fact]
    public void What_is_heard_on_a_reserve_does_not_hide_that_data_is_lost()
    {
        var bench = ChoiceTests.Meet(isInitiator: true, (Lan, 1), (Reflexive, 20));
        bench.Reachable.Remove(Lan);
        for (var i = 0; i < 52; i++)
        {
            bench.SendData();
            bench.Paths.Received(Reflexive, 60, isNewest: true, isTransport: false, bench.Now);
            bench.Run(0.1);
        }

        Assert.Equal(Reflexive, bench.Paths.Current);
    }

    [Fact]
    public void An_idle_peer_that_went_away_is_missed_as_well()
    {
        var bench = ChoiceTests.Meet(isInitiator: true, (Reflexive, 20));
        bench.Reachable.Clear();
        bench.Run(12);
        Assert.True(bench.Paths.IsSuspect);
    }

    [Fact]
    public void A_single_lost_question_alarms_nobody()
    {
        var bench = ChoiceTests.Meet(isInitiator: true, (Reflexive, 20));
        bench.Sent.Clear();
        bench.Reachable.Clear();
        while (bench.Sent.Count == 0) bench.Run(0.1);
        bench.Reachable[Reflexive] = TimeSpan.FromMilliseconds(20);
        bench.Run(30);
        Assert.Equal(PathEventKind.Opened, Assert.Single(bench.Events).Kind);
    }

    [Fact]
    public void A_new_ticket_gives_the_search_new_hope()
    {
        var bench = ChoiceTests.Meet(isInitiator: true, (Reflexive, 20));
        bench.Reachable.Clear();
        bench.SendData();
        bench.Run(100);
        Assert.Null(bench.Paths.Current);
        bench.Tell(Mapped);
        bench.Run(100);
        Assert.DoesNotContain(bench.Events, happened => happened.Kind == PathEventKind.Broken);
        bench.Reachable[Mapped] = TimeSpan.FromMilliseconds(20);
        bench.Run(0.6);
        Assert.Equal(Mapped, bench.Paths.Current);
        Assert.Equal(PathEventKind.Restored, bench.Events[^1].Kind);
    }

    [Fact]
    public void A_changed_address_of_our_own_sets_off_the_search_at_once()
    {
        var bench = ChoiceTests.Meet(isInitiator: true, (Reflexive, 20), (Lan, 100));
        bench.Sent.Clear();
        bench.Command(paths => paths.LocalAddressChanged(bench.Now));
        bench.Run(0.01);
        Assert.Equal([Lan, Reflexive], bench.Sent.Where(sent => sent.Message.Kind == PathMessageKind.Ping).Select(sent => sent.Message.Destination).Take(2));
        bench.Run(1);
        Assert.False(bench.Paths.IsSuspect);
        Assert.Equal(PathEventKind.Restored, bench.Events[^1].Kind);
    }

    [Fact]
    public void Data_costs_no_memory_per_packet()
    {
        var bench = ChoiceTests.Meet(isInitiator: true, (Reflexive, 20), (Lan, 100));
        Pump(bench.Paths, bench.Now, 1000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pump(bench.Paths, bench.Now + TimeSpan.FromSeconds(1), 100_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static void Pump(PeerPaths paths, Instant start, int packets)
    {
        var current = paths.Current!.Value;
        for (var i = 0; i < packets; i++)
        {
            var now = start + TimeSpan.FromMicroseconds(i * 10);
            paths.DataSent(1472, now);
            paths.Received(current, 60, isNewest: true, isTransport: true, now);
            if (i % 7 == 0) paths.Received(Lan, 1472, isNewest: false, isTransport: true, now);
            if (paths.NextTimeout <= now) paths.HandleTimeout(now);
            while (paths.TryNext(now, out _))
            {
            }
        }
    }
}
