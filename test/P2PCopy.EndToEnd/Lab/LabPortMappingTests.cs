using System.Diagnostics;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Routers that forward ports on request: what our program gets of a real one, what it is good for, and that nothing is left behind.</summary>
[Collection(LabCollection.Name)]
public sealed class LabPortMappingTests : IDisposable
{
    private const string Prompt = "Enter the ip:port of your peer: ";

    // An example of vectors/tickets.txt: of somebody who wants to send.
    private const string NobodysTicket =
        "203.0.113.7:4300-2mhksr4543r0k29gmxa792vxvjt3xxtt1pzkm39670df9tx4n67an6ted88h1k60n00he88gsgg023dr015000cw5w8zzzht00136z04";

    private const string WordsQuestion = "Ask your peer for the two words on their screen and type them: ";

    // It takes tenths of a second; a busy machine must not fail this, and what goes wrong takes longer or for ever.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabPortMappingTests()
    {
        _net = new LabTopology(_lab);
        LabServers.Start(_net);
    }

    public void Dispose() => _lab.Dispose();

    [LabTheory]
    [InlineData("auto", "PCP", true, true)]
    [InlineData("pcp", "PCP", true, true)]
    [InlineData("natpmp", "NAT-PMP", true, true)]
    [InlineData("upnp", "UPnP", true, true)]
    [InlineData("auto", "UPnP", false, true)]
    public async Task A_port_is_forwarded_and_given_back(string asked, string protocol, bool pcp, bool upnp)
    {
        var host = _net.AddHost("host", LabNat.Symmetric);
        var router = await Miniupnpd.StartAsync(host.Routers[0], pcp, upnp);
        var nat = await StartNat(host, asked).AssertEndsAsync(0, Limit);
        Assert.Contains($" forwarded by {protocol} (tested from outside)", nat, StringComparison.Ordinal);
        await router.AssertEmptyAsync("nat");

        foreach (var signal in (string[])["INT", "TERM"])
        {
            var receiver = host.StartProgram(["receiver", "--portmap", asked, .. LabServers.StunWords]);
            await receiver.SeeAsync(Prompt);

            // On a busy machine UPnP takes longer than the second that a ticket waits; then there is another ticket.
            await receiver.Process.WaitForLineAsync(
                line => line.Contains("one ticket is enough", StringComparison.Ordinal) || line.Contains("With this ticket instead", StringComparison.Ordinal),
                "that one ticket is enough",
                Limit);
            Assert.Single(router.Mappings);
            receiver.Process.Signal(signal);
            Assert.Equal(130, await receiver.ExitAsync());
            Assert.True(router.Mappings.Count == 0, $"{signal}: {string.Join('\n', router.Mappings)}\n{router}");
        }
    }

    [LabFact]
    public async Task A_symmetric_NAT_that_forwards_a_port_meets_every_other()
    {
        (string Name, LabNat Nat)[] peers = [("port-restricted", LabNat.PortRestricted), ("symmetric", LabNat.Symmetric)];
        foreach (var (name, nat) in peers)
        {
            var from = _net.AddHost($"from-{name}", LabNat.Symmetric);
            var to = _net.AddHost($"to-{name}", nat);
            var router = await Miniupnpd.StartAsync(from.Routers[0]);
            var copy = new LabCopy(from, to, [.. LabServers.StunWords, "--portmap", "auto"]).Named($"symmetric with a mapping to {name}").WithBytes(1_000_000);
            var meeting = await SealedMeeting.StartAsync(copy);
            meeting.PasteAtSender();
            var time = await meeting.ConnectAsync(meeting.PasteAtReceiver);
            await meeting.AcceptAsync();
            await meeting.AssertDoneAsync(Limit);
            Assert.True(time < ConnectLimit, $"{name}: connected after {time.TotalSeconds:0.0} s\n{meeting.Sender}\n{meeting.Receiver}");
            await router.AssertEmptyAsync($"after the copy to {name}");
        }
    }

    [LabFact]
    public async Task One_ticket_is_enough_where_its_owners_router_forwards_a_port()
    {
        var (from, to) = (_net.AddHost("from", LabNat.Symmetric), _net.AddHost("to", LabNat.Symmetric));
        var router = await Miniupnpd.StartAsync(to.Routers[0]);
        var copy = new LabCopy(from, to, [.. LabServers.StunWords, "--portmap", "auto"]).Named("one ticket").WithBytes(1_000_000);
        var (sender, receiver) = (copy.StartSender(), copy.StartReceiverInTerminal());
        var ticket = await receiver.AddressAsync();
        Assert.Contains("one ticket is enough", receiver.Output, StringComparison.Ordinal);
        await sender.AddressAsync();
        var start = Stopwatch.GetTimestamp();
        sender.Type(ticket);
        await receiver.SeeAsync(WordsQuestion);
        Report($"one ticket: met {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s after it was pasted");
        receiver.Type(await sender.WordsAsync());
        await receiver.SeeAsync("Receive it? [Y/n] ");
        receiver.Type("");
        await copy.AssertDoneAsync(sender, receiver, Limit);
        await router.AssertEmptyAsync("after the copy");
    }

    [LabFact]
    public async Task A_router_without_any_service_costs_no_more_than_the_second_that_it_is_waited_for()
    {
        var host = _net.AddHost("host", LabNat.PortRestricted);
        var (without, with) = (await TimeToPromptAsync(host, "off"), await TimeToPromptAsync(host, "auto"));
        Report($"to the prompt: {without.TotalSeconds:0.00} s without asking, {with.TotalSeconds:0.00} s with");
        Assert.True(with - without < TimeSpan.FromSeconds(5), $"{without} without asking, {with} with");
        Assert.Contains("no port mapping service", await StartNat(host, "auto").AssertEndsAsync(0, Limit), StringComparison.Ordinal);
    }

    [LabFact]
    public async Task With_a_second_NAT_behind_the_router_its_mapping_is_not_told()
    {
        var host = _net.AddHost("host", LabNat.PortRestricted, LabNat.PortRestricted);
        var router = await Miniupnpd.StartAsync(host.Routers[0]);
        foreach (var protocol in (string[])["auto", "natpmp", "upnp"])
            Assert.Contains("two NATs, so no port mapping", await StartNat(host, protocol).AssertEndsAsync(0, Limit), StringComparison.Ordinal);
        var receiver = host.StartProgram(["receiver", "--portmap", "auto", .. LabServers.StunWords]);
        await receiver.SeeAsync(Prompt);
        Assert.DoesNotContain("one ticket is enough", receiver.ToString(), StringComparison.Ordinal);
        Assert.Empty(router.Mappings);
    }

    [LabFact]
    public async Task A_port_that_a_router_says_to_forward_and_does_not_is_not_promised()
    {
        var host = _net.AddHost("host", LabNat.Symmetric);
        var router = await Miniupnpd.StartAsync(host.Routers[0]);
        host.Routers[0].Nft("table ip closed { chain early { type filter hook prerouting priority mangle; iifname wan ct state new udp dport 1-65535 drop; }; }");
        Assert.Contains(" forwarded by PCP but closed from outside", await StartNat(host, "auto").AssertEndsAsync(0, Limit), StringComparison.Ordinal);
        var receiver = host.StartProgram(["receiver", "--portmap", "auto", .. LabServers.StunWords]);
        await receiver.SeeAsync(Prompt);
        Assert.Single(router.Mappings);
        Assert.DoesNotContain("one ticket is enough", receiver.ToString(), StringComparison.Ordinal);
    }

    [LabFact]
    public async Task A_mapping_that_comes_late_makes_a_new_ticket()
    {
        var host = _net.AddHost("host", LabNat.Symmetric);

        // The router's answers are held back until the ticket is told.
        host.Routers[0].Nft("table ip late { chain out { type filter hook output priority 0; udp sport 5351 drop; }; }");
        var router = await Miniupnpd.StartAsync(host.Routers[0], upnp: false);
        var receiver = host.StartProgram(["receiver", "--portmap", "natpmp", .. LabServers.StunWords]);
        var first = await receiver.AddressAsync();
        host.Routers[0].Nft("flush chain ip late out");
        var second = await receiver.NewAddressAsync(first);
        await receiver.HearAsync("With this ticket instead, your peer can reach you alone:");
        Assert.True(second.Length > first.Length, $"{first}\n{second}");
        receiver.Process.Signal("TERM");
        await receiver.ExitAsync();
        await router.AssertEmptyAsync("after TERM");
    }

    [LabFact]
    public async Task A_router_that_is_started_anew_in_its_first_seconds_forwards_the_port_again()
    {
        // Its clock shows nothing then: it counted a second or two before, and does so again.
        var hosts = ((string[])["pcp", "natpmp"]).Select(protocol => (Protocol: protocol, Host: _net.AddHost(protocol, LabNat.Symmetric))).ToArray();
        await Task.WhenAll(hosts.Select(async one =>
        {
            var router = await Miniupnpd.StartAsync(one.Host.Routers[0], upnp: false);
            var receiver = one.Host.StartProgram(["receiver", "--portmap", one.Protocol, .. LabServers.StunWords]);
            await receiver.SeeAsync(Prompt);
            Assert.Single(router.Mappings);
            await router.RestartAsync();
            Assert.Empty(router.Mappings);
            await Eventually.IsTrueAsync(() => router.Mappings.Count == 1, $"{one.Protocol}: the forgotten mapping is there again", TimeSpan.FromSeconds(45));
            receiver.Process.Signal("TERM");
            await receiver.ExitAsync();
            await router.AssertEmptyAsync("after TERM");
        }));
    }

    [LabTheory]
    [InlineData("pcp")]
    [InlineData("upnp")]
    public async Task However_the_program_ends_no_mapping_is_left(string protocol)
    {
        var host = _net.AddHost("host", LabNat.Symmetric);
        var router = await Miniupnpd.StartAsync(host.Routers[0]);
        string[] words = ["receiver", "--portmap", protocol, .. LabServers.StunWords];
        (string How, int? ExitCode, Func<ProgramRun> Start, Action<ProgramRun> End)[] ways =
        [
            ("Ctrl+C", 130, () => host.StartProgramInTerminal(words), run => run.PressControlC()),
            ("its terminal is gone", null, () => host.StartProgramInTerminal(words), run => run.Process.Signal("KILL")),
            ("nobody is at home any more", 130, () => host.StartProgram(words), run => run.Process.Signal("HUP")),
            ("no peer is met", 3, () => host.StartProgram([.. words, "--timeout", "2"]), run => run.Type(NobodysTicket)),
        ];
        foreach (var (how, exitCode, start, end) in ways)
        {
            var run = start();
            await run.AddressAsync();
            await Eventually.IsTrueAsync(() => router.Mappings.Count == 1, $"{how}: there is a mapping", Limit);
            end(run);
            if (exitCode is { } code) await run.AssertEndsAsync(code, Limit);
            await router.AssertEmptyAsync(how);
        }
    }

    [LabFact]
    public async Task A_copy_that_is_stopped_in_its_middle_leaves_no_mapping()
    {
        (string Protocol, string How, Action<SealedMeeting> Stop)[] ways =
        [
            ("pcp", "Ctrl+C at the receiver", meeting => meeting.Receiver.PressControlC()),
            ("upnp", "Ctrl+C at the receiver, by UPnP", meeting => meeting.Receiver.PressControlC()),
            ("natpmp", "TERM at the sender", meeting => meeting.Sender.Process.Signal("TERM")),
        ];
        await Task.WhenAll(ways.Select(async way =>
        {
            var (from, to) = (_net.AddHost($"from-{way.Protocol}", LabNat.Symmetric), _net.AddHost($"to-{way.Protocol}", LabNat.Symmetric));
            Miniupnpd[] routers = [await Miniupnpd.StartAsync(from.Routers[0]), await Miniupnpd.StartAsync(to.Routers[0])];
            var copy = new LabCopy(from, to, [.. LabServers.StunWords, "--portmap", way.Protocol]).Named(way.How).WithBytes(20_000_000).WithRate("1M");
            var meeting = await SealedMeeting.StartCopyAsync(copy, untilBytes: 200_000);
            Assert.All(routers, router => Assert.Single(router.Mappings));
            way.Stop(meeting);
            var codes = await Task.WhenAll(meeting.Sender.ExitAsync(), meeting.Receiver.ExitAsync());
            Assert.Contains(130, codes);
            Assert.DoesNotContain(0, codes);
            foreach (var router in routers) await router.AssertEmptyAsync(way.How);
        }));
    }

    [LabTheory]
    [InlineData("pcp")]
    [InlineData("natpmp")]
    [InlineData("upnp")]
    public async Task What_a_killed_program_leaves_behind_ends_by_itself_after_twenty_minutes_at_most(string protocol)
    {
        var host = _net.AddHost("host", LabNat.Symmetric);
        var router = await Miniupnpd.StartAsync(host.Routers[0], pcp: protocol != "upnp");
        var receiver = host.StartProgram(["receiver", "--portmap", protocol, .. LabServers.StunWords]);
        await receiver.AddressAsync();
        await Eventually.IsTrueAsync(() => router.Leases.Count == 1, "the router has written the mapping down", Limit);
        receiver.Process.Kill();
        await receiver.ExitAsync();

        // What the router itself says about how long it will keep it.
        var left = Assert.Single(router.Leases) - DateTimeOffset.UtcNow;
        Report($"{protocol}: ends {left.TotalSeconds:0} s after kill -9");
        Assert.InRange(left, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(20));
        Assert.Single(router.Mappings);
    }

    private static void Report(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static ProgramRun StartNat(LabHost host, string asked) => host.StartProgram(["nat", "--portmap", asked, .. LabServers.StunWords]);

    private static async Task<TimeSpan> TimeToPromptAsync(LabHost host, string asked)
    {
        var start = Stopwatch.GetTimestamp();
        var receiver = host.StartProgram(["receiver", "--portmap", asked, .. LabServers.StunWords]);
        await receiver.SeeAsync(Prompt);
        var time = Stopwatch.GetElapsedTime(start);
        receiver.Process.Signal("TERM");
        await receiver.ExitAsync();
        return time;
    }
}
