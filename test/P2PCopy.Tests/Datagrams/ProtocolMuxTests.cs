using P2PCopy.Datagrams;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Tests.Simulation;

namespace P2PCopy.Tests.Datagrams;

public class ProtocolMuxTests
{
    private static readonly UdpEndpoint Remote = UdpEndpoint.FromIPv4(0x01020304, 5);

    [Fact]
    public void A_datagram_goes_to_the_first_machine_that_accepts_it()
    {
        var (first, second, third) = (new Stub('a'), new Stub('b'), new Stub('b'));
        var mux = Combine(first, second, third);
        Assert.True(mux.Accepts("b"u8, Remote));
        mux.Handle("b"u8, Remote, Instant.Zero);
        Assert.Equal((0, 1, 0), (first.Handled, second.Handled, third.Handled));
        mux.Remove(second);
        mux.Handle("b"u8, Remote, Instant.Zero);
        Assert.Equal((0, 1, 1), (first.Handled, second.Handled, third.Handled));
    }

    [Fact]
    public void What_nobody_wants_is_counted()
    {
        var mux = Combine(new Stub('a'));
        Assert.False(mux.Accepts("x"u8, Remote));
        mux.Handle("x"u8, Remote, Instant.Zero);
        mux.Handle([], Remote, Instant.Zero);
        Assert.Equal(2, mux.UnclaimedDatagrams);
    }

    [Fact]
    public void Senders_take_turns_and_none_is_starved()
    {
        var mux = Combine(new Stub('a') { ToSend = 100 }, new Stub('b') { ToSend = 3 }, new Stub('c'));
        var buffer = new byte[10];
        var sent = "";
        while (mux.TryTransmit(buffer, Instant.Zero, out var transmit)) sent += (char)buffer[transmit.Length - 1];
        Assert.Equal(103, sent.Length);
        // Who has much goes on for a run of 16, and then the others come first.
        Assert.Equal(new string('a', 16) + "bbb" + new string('a', 16), sent[..35]);
    }

    [Fact]
    public void The_deadline_is_the_earliest_of_all_and_time_reaches_everybody()
    {
        var (early, late) = (new Stub('a') { NextTimeout = new Instant(5) }, new Stub('b') { NextTimeout = new Instant(9) });
        var mux = Combine(late, early);
        Assert.Equal(new Instant(5), mux.NextTimeout);
        mux.HandleTimeout(new Instant(5));
        Assert.Equal((new Instant(5), new Instant(5)), (early.TimedOutAt, late.TimedOutAt));
        Assert.Equal(Instant.Never, new ProtocolMux().NextTimeout);
        Assert.False(new ProtocolMux().TryTransmit(new byte[1], Instant.Zero, out _));
    }

    [Fact]
    public void Two_machines_share_a_socket()
    {
        using var net = new SimNetwork(4);
        var (left, right) = net.Peers(LinkProfile.Lan);
        var (stub, ping, pong) = (new Stub('q') { ToSend = 1, Target = right.Address.WithPort(6000) }, new PingPong(), new PingPong());
        left.Bind(5000, Combine(stub, ping));
        var other = new Stub('q');
        right.Bind(6000, Combine(other, pong));
        ping.SendOnce(right.Address.WithPort(6000));
        net.RunUntil(() => ping.Pongs.Count == 1 && other.Handled == 1, TimeSpan.FromSeconds(1));
    }

    private static ProtocolMux Combine(params IDatagramProtocol[] machines)
    {
        var mux = new ProtocolMux();
        foreach (var machine in machines) mux.Add(machine);
        return mux;
    }

    /// <summary>Takes and sends datagrams that start with its letter.</summary>
    private sealed class Stub(char letter) : IDatagramProtocol
    {
        public int ToSend { get; set; }

        public UdpEndpoint Target { get; init; } = Remote;

        public int Handled { get; private set; }

        public Instant TimedOutAt { get; private set; }

        public Instant NextTimeout { get; init; } = Instant.Never;

        public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => !datagram.IsEmpty && datagram[0] == letter;

        public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now) => Handled++;

        public void HandleTimeout(Instant now) => TimedOutAt = now;

        public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
        {
            buffer[0] = (byte)letter;
            transmit = new Transmit(1, Target);
            return ToSend-- > 0;
        }
    }
}
