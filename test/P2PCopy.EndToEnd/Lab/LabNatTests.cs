using System.Net;
using System.Net.Sockets;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>The yardsticks measured: each router of the lab behaves as it is named.</summary>
[Collection(LabCollection.Name)]
public sealed class LabNatTests : IDisposable
{
    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;
    private readonly UdpProbe _server;
    private readonly UdpProbe _otherPort;
    private readonly UdpProbe _otherAddress;

    public LabNatTests()
    {
        _net = new LabTopology(_lab);
        _server = new UdpProbe(_net.Internet, LabTopology.ServerAddresses[0], 3478);
        _otherPort = new UdpProbe(_net.Internet, LabTopology.ServerAddresses[0], 3479);
        _otherAddress = new UdpProbe(_net.Internet, LabTopology.ServerAddresses[2], 3478);
    }

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public void Port_restricted_maps_every_destination_to_one_port_and_answers_of_strangers_are_dropped()
    {
        var host = _net.AddHost("host", LabNat.PortRestricted);
        AssertMapsToOnePort(host, keepsPort: true);
        Assert.Equal([], WordsThatPass(host));
        Assert.False(EarlyPacketMovesThePort(host));
    }

    [LabFact]
    public void Spoilt_by_early_packets_is_port_restricted_until_a_stranger_comes_first()
    {
        var host = _net.AddHost("host", LabNat.SpoiltByEarlyPackets);
        AssertMapsToOnePort(host, keepsPort: true);
        Assert.Equal([], WordsThatPass(host));
        Assert.True(EarlyPacketMovesThePort(host));
    }

    [LabFact]
    public void Full_cone_maps_to_one_port_that_everybody_can_reach()
    {
        var host = _net.AddHost("host", LabNat.FullCone);
        AssertMapsToOnePort(host, keepsPort: true);
        Assert.Equal(["other port", "other address"], WordsThatPass(host));
    }

    [LabFact]
    public void Restricted_lets_in_every_port_of_an_address_that_was_spoken_to()
    {
        var host = _net.AddHost("host", LabNat.Restricted);
        AssertMapsToOnePort(host, keepsPort: true);
        Assert.Equal(["other port"], WordsThatPass(host));
    }

    [LabFact]
    public void Symmetric_maps_each_destination_to_a_random_port()
    {
        var host = _net.AddHost("host", LabNat.Symmetric);
        var ports = MappedPorts(host, out _);
        Assert.NotEqual(1, ports.Distinct().Count());
        Assert.NotEqual(ports[1] - ports[0], ports[2] - ports[1]);
        Assert.Equal([], WordsThatPass(host));
    }

    [LabFact]
    public void Stepping_symmetric_maps_each_destination_to_the_next_port()
    {
        var ports = MappedPorts(_net.AddHost("host", LabNat.SymmetricStepping), out _);
        Assert.Equal([LabNat.Step, LabNat.Step], [ports[1] - ports[0], ports[2] - ports[1]]);
    }

    [LabFact]
    public void Blocked_lets_no_datagram_out()
    {
        var host = _net.AddHost("host", LabNat.UdpBlocked);
        new UdpProbe(host.Machine).Say("hello", _server.Local);
        Assert.False(_server.TryHear(TimeSpan.FromMilliseconds(500), out _, out _));
        AssertTcpPasses(host);
    }

    [LabFact]
    public void Two_nats_in_a_row_show_the_outer_address()
    {
        var host = _net.AddHost("host", LabNat.PortRestricted, LabNat.Symmetric);
        AssertSees(host, new UdpProbe(host.Machine));
        Assert.NotEqual(1, MappedPorts(host, out _).Distinct().Count());
    }

    [LabFact]
    public void A_mapping_ends_with_its_life()
    {
        var host = _net.AddHost("host", LabNat.PortRestricted with { MappingLife = TimeSpan.FromSeconds(1) });
        var probe = new UdpProbe(host.Machine);
        var mapped = AssertSees(host, probe);
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(30);
        while (host.Routers[0].Run("conntrack", "-L", "-p", "udp", "-o", "extended").Contains("3478", StringComparison.Ordinal))
            Assert.True(DateTime.UtcNow < deadline, "the mapping still lives after 30 s");

        _server.Say("late", mapped);
        _otherAddress.Say("unknown", mapped);
        probe.Say("again", _server.Local);
        _server.Say("fresh", _server.Hear().From);
        Assert.Equal("fresh", probe.Hear().Word);
    }

    [LabFact]
    public void Machines_of_one_local_network_reach_each_other_but_not_by_their_outer_address()
    {
        var host = _net.AddHost("host", LabNat.PortRestricted);
        var sibling = _net.AddSibling("sibling", host);
        var (left, right) = (new UdpProbe(host.Machine), new UdpProbe(sibling.Machine));
        left.Say("outside", AssertSees(sibling, right));
        left.Say("inside", new IPEndPoint(IPAddress.Parse(sibling.Address), right.Local.Port));
        Assert.Equal([], right.HearUntil("inside"));
    }

    [LabFact]
    public void Public_hosts_reach_each_other_directly()
    {
        var (left, right) = (_net.AddHost("left"), _net.AddHost("right"));
        var (sender, receiver) = (new UdpProbe(left.Machine), new UdpProbe(right.Machine, right.Address));
        sender.Say("hello", receiver.Local);
        Assert.Equal(("hello", new IPEndPoint(IPAddress.Parse(left.Address), sender.Local.Port)), receiver.Hear());
    }

    [LabFact]
    public void What_a_killed_run_left_behind_is_removed_by_the_next_lab()
    {
        // Process 1 lives, but it did not start at this time: so the owner is gone.
        const string leftover = "p2pcopy-lab.1.not-its-start.1.host";
        RealProcess.Run("ip", ["netns", "add", leftover]);
        using var next = new NetworkLab();
        Assert.DoesNotContain(leftover, RealProcess.Run("ip", ["netns", "list"]), StringComparison.Ordinal);
    }

    private void AssertTcpPasses(LabHost host)
    {
        var address = IPAddress.Parse(LabTopology.ServerAddresses[0]);
        _net.Internet.Enter(() => _lab.Keep(new TcpListener(address, 80)).Start());
        host.Machine.Enter(() => _lab.Keep(new TcpClient()).Connect(address, 80));
    }

    private void AssertMapsToOnePort(LabHost host, bool keepsPort)
    {
        var ports = MappedPorts(host, out var local);
        Assert.Single(ports.Distinct());
        Assert.Equal(keepsPort, ports[0] == local);
    }

    private int[] MappedPorts(LabHost host, out int localPort)
    {
        var probe = new UdpProbe(host.Machine);
        localPort = probe.Local.Port;
        return [.. new[] { _server, _otherPort, _otherAddress }.Select(server =>
        {
            probe.Say("who am I", server.Local);
            return server.Hear().From.Port;
        })];
    }

    private IPEndPoint AssertSees(LabHost host, UdpProbe probe)
    {
        probe.Say("who am I", _server.Local);
        var from = _server.Hear().From;
        Assert.Equal(host.PublicAddress, from.Address.ToString());
        return from;
    }

    // The host speaks to one address and port; then all answer, that one last: what passed has arrived before its word.
    private List<string> WordsThatPass(LabHost host)
    {
        var probe = new UdpProbe(host.Machine);
        var mapped = AssertSees(host, probe);
        _otherPort.Say("other port", mapped);
        _otherAddress.Say("other address", mapped);
        _server.Say("end", mapped);
        return probe.HearUntil("end");
    }

    private bool EarlyPacketMovesThePort(LabHost host)
    {
        var probe = new UdpProbe(host.Machine);
        var mapped = AssertSees(host, probe);
        _otherAddress.Say("early", mapped);
        probe.Say("who am I", _otherAddress.Local);
        return _otherAddress.Hear().From.Port != mapped.Port;
    }
}
