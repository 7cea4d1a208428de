using P2PCopy.EndToEnd.Cli;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Which pairs of networks let two users copy a file: real routers, STUN and time servers, and two runs of the built program.</summary>
public sealed class LabPairTests : IDisposable
{
    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabPairTests()
    {
        _net = new LabTopology(_lab);
        LabServers.Start(_net);
    }

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task Every_pair_of_these_connects_and_copies()
    {
        LabNat[] bare = [], full = [LabNat.FullCone], restricted = [LabNat.Restricted], portRestricted = [LabNat.PortRestricted];
        LabNat[] two = [LabNat.PortRestricted, LabNat.PortRestricted];
        (string Name, LabNat[] Sender, LabNat[] Receiver, string SenderIs)[] pairs =
        [
            ("port-restricted × port-restricted", portRestricted, portRestricted, "PortRestrictedCone"),
            ("full cone × port-restricted", full, portRestricted, "FullCone"),
            ("restricted × port-restricted", restricted, portRestricted, "RestrictedCone"),
            ("public × port-restricted", bare, portRestricted, "OpenInternet"),
            ("two NATs × port-restricted", two, portRestricted, "PortRestrictedCone"),
            ("public × public", bare, bare, "OpenInternet"),
            ("public × symmetric", bare, [LabNat.Symmetric], "OpenInternet"),
            ("symmetric × full cone", [LabNat.Symmetric], full, "Symmetric"),
        ];

        // Most of the time they wait for the next start slot, so they wait together.
        var copies = pairs.Select((pair, i) =>
            new LabCopy(_net.AddHost($"sender{i}", pair.Sender), _net.AddHost($"receiver{i}", pair.Receiver), [CopyPair.Legacy, .. LabServers.Words]).Named(pair.Name));
        var runs = copies.Select(copy => copy.WithBytes(5_000_000).RunAsync(TimeSpan.FromSeconds(90))).ToList();
        foreach (var (pair, run) in pairs.Zip(runs))
        {
            var said = await run;
            Assert.True(said.Contains($"Your firewall is {pair.SenderIs}\n", StringComparison.Ordinal), $"{pair.Name}:\n{said}");
        }
    }

    [LabFact]
    public async Task Two_machines_of_one_local_network_connect_by_their_own_addresses()
    {
        var left = _net.AddHost("sender", LabNat.PortRestricted);
        var right = _net.AddSibling("receiver", left);
        var copy = new LabCopy(left, right, [CopyPair.Legacy, .. LabServers.Words, "--localport", "4300"]);
        copy.WithBytes(5_000_000);
        var (sender, receiver) = (copy.StartSender(), copy.StartReceiver());
        Assert.Equal("Using local port: 4300", await sender.Process.WaitForLineAsync("Using local port", TimeSpan.FromSeconds(30)));
        sender.Type($"{right.Address}:4300");
        receiver.Type($"{left.Address}:4300");
        await copy.WaitUntilConnectedAsync(sender, receiver);
        await copy.AssertDoneAsync(sender, receiver, TimeSpan.FromSeconds(60));
    }

    [LabFact]
    public async Task Blocked_UDP_ends_with_a_clear_word_and_its_exit_code()
    {
        var host = _net.AddHost("sender", LabNat.UdpBlocked);
        var copy = new LabCopy(host, _net.AddHost("receiver", LabNat.PortRestricted), [CopyPair.Legacy, .. LabServers.Words]);
        var sender = copy.WithBytes(1000).StartSender("--peer", "25.8.1.2:4300", "--timeout", "5");
        var said = await sender.AssertEndsAsync(3, TimeSpan.FromSeconds(60));
        Assert.Contains("Your firewall is UdpBlocked", said, StringComparison.Ordinal);
        Assert.Contains("Could not connect to 25.8.1.2:4300", said, StringComparison.Ordinal);
    }

    [LabTheory]
    [InlineData("silent")]
    [InlineData("refused")]
    public async Task Without_STUN_and_time_the_copy_still_goes_on(string how)
    {
        // Nobody listens there, which an ICMP error tells; or a filter keeps it secret.
        var deadServer = LabTopology.ServerAddresses[3];
        if (how == "silent")
            _net.Internet.Nft($"table ip silence {{ chain incoming {{ type filter hook input priority filter\n ip daddr {deadServer} drop\n }}\n }}");
        var copy = new LabCopy(_net.AddHost("sender"), _net.AddHost("receiver"), CopyPair.Legacy, "--stun", deadServer, "--ntp", deadServer);
        var (sender, receiver) = await copy.WithBytes(1_000_000).ConnectAsync();
        await copy.AssertDoneAsync(sender, receiver, TimeSpan.FromSeconds(60));
        Assert.Contains("Could not read internet time", sender.Process.Transcript, StringComparison.Ordinal);
    }
}
