using P2PCopy.Datagrams;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;

namespace P2PCopy.Tests.Simulation;

/// <summary>Machines that break the contract are found out by the first simulation they run in.</summary>
public class SimSocketTests
{
    [Fact]
    public void A_machine_that_keeps_a_past_deadline_is_said_to_spin() =>
        Assert.Contains("it spins", Run(new Rogue { NextTimeout = Instant.Zero }), StringComparison.Ordinal);

    [Fact]
    public void A_machine_that_sends_without_end_is_stopped() =>
        Assert.Contains("sends without end", Run(new Rogue { Transmits = new(1, Somewhere), Count = int.MaxValue }), StringComparison.Ordinal);

    [Fact]
    public void An_empty_datagram_is_a_fault() =>
        Assert.Contains("a datagram of 0 bytes", Run(new Rogue { Transmits = new(0, Somewhere), Count = 1 }), StringComparison.Ordinal);

    [Fact]
    public void A_datagram_to_port_zero_is_a_fault() =>
        Assert.Contains("to port 0", Run(new Rogue { Transmits = new(1, Somewhere.WithPort(0)), Count = 1 }), StringComparison.Ordinal);

    [Fact]
    public void What_a_machine_throws_comes_with_the_seed()
    {
        using var net = new SimNetwork(77);
        net.At(TimeSpan.FromSeconds(1), () => throw new FormatException("of no use"));
        var failure = Assert.Throws<SimulationException>(() => net.RunFor(TimeSpan.FromSeconds(2)));
        Assert.Contains("of no use (seed 77, virtual time 1 s", failure.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(failure.InnerException);
    }

    [Fact]
    public void What_the_machine_does_not_accept_is_counted_and_a_closed_socket_hears_nothing()
    {
        using var net = new SimNetwork(78);
        var (left, right) = net.Peers(LinkProfile.Lan);
        var (small, pong) = (new PingPong(4), new PingPong());
        var pinger = left.Bind(0, small);
        var socket = right.Bind(6000, pong);
        small.SendOnce(socket.Local);
        net.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 1), (socket.Received, socket.Unclaimed));
        socket.Dispose();
        small.SendOnce(socket.Local);
        net.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal((2, 1), (pinger.Sent, socket.Unclaimed));
    }

    [Fact]
    public void A_command_is_acted_upon_at_once()
    {
        using var net = new SimNetwork(79);
        var (left, right) = net.Peers(LinkProfile.Lan);
        var (ping, pong) = (new PingPong(), new PingPong());
        var socket = left.Bind(5000, ping);
        right.Bind(6000, pong);
        socket.Command(now => ping.SendAt(right.Address.WithPort(6000), 1, TimeSpan.Zero, now));
        Assert.Equal(1, socket.Sent);
    }

    private static UdpEndpoint Somewhere => UdpEndpoint.FromIPv4(0x01020304, 5);

    private static string Run(Rogue rogue)
    {
        using var net = new SimNetwork(5);
        net.PublicHost("rogue").Bind(1, rogue);
        return Assert.Throws<SimulationException>(() => net.RunFor(TimeSpan.FromSeconds(1))).Message;
    }

    private sealed class Rogue : IDatagramProtocol
    {
        public Transmit Transmits { get; init; }

        public int Count { get; set; }

        public Instant NextTimeout { get; init; } = Instant.Never;

        public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => true;

        public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
        {
        }

        public void HandleTimeout(Instant now)
        {
        }

        public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
        {
            transmit = Transmits;
            return Count-- > 0;
        }
    }
}
