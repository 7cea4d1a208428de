using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>Whoever recorded a handshake has nothing but a recording.</summary>
public sealed class HandshakeReplayTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_recorded_datagram_makes_or_displaces_a_session(bool tickets)
    {
        using var net = new HandshakeNet(21);
        var recorded = net.Record();
        net.PasteBoth(tickets);
        Assert.True(net.Run(TimeSpan.FromSeconds(2), net.BothReady));
        var (a, b) = (net.A.Session, net.B.Session);
        var recording = recorded.ToArray();

        // At once, after a silence in which a second session would be allowed, and from elsewhere.
        foreach (var wait in new[] { 0, 6, 20 })
        {
            net.Run(TimeSpan.FromSeconds(wait));
            foreach (var (datagram, from, to) in recording)
            {
                var receiver = to == net.A.Address ? net.A : net.B;
                if (wait == 0 && Handshaker.Accepts(datagram)) Assert.Equal(HandshakeResult.Ignored, receiver.Handler(datagram, from, net.Now));
                net.Deliver(datagram, from, to);
                net.Deliver(datagram, from.WithPort(999), to);
                net.Deliver(datagram, to, from);
            }
        }

        net.Run(TimeSpan.FromSeconds(2));
        Assert.Equal([a], net.A.Made);
        Assert.Equal([b], net.B.Made);
        Assert.False(a.IsOver || b.IsOver);
        Assert.True(net.A.Heard.Count > 10 && net.B.Heard.Count > 10);
        Assert.InRange(net.A.Handshaker.Remembered + net.B.Handshaker.Remembered, 0, 32);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_recording_brings_no_session_back_that_is_over(bool tickets)
    {
        using var net = new HandshakeNet(22);
        var recorded = net.Record();
        net.PasteBoth(tickets);
        Assert.True(net.Run(TimeSpan.FromSeconds(2), net.BothReady));
        var recording = recorded.ToArray();
        net.Inspect = (_, _, _) => false;
        net.A.Session.Dispose();
        net.B.Session.Dispose();

        foreach (var (datagram, from, to) in recording) net.Deliver(datagram, from, to);
        net.Run(TimeSpan.FromSeconds(30));
        foreach (var (datagram, from, to) in recording) net.Deliver(datagram, from, to);

        Assert.Equal((1, 1), (net.A.Made.Count, net.B.Made.Count));
    }

    [Fact]
    public void Copies_of_one_first_message_get_one_and_the_same_response_over_whatever_path()
    {
        using var net = new HandshakeNet(23);
        net.A.Paste(net.B, net.Now);
        var init = net.A.Probe(net.B.Address, net.Now)!;
        Assert.Equal(init, net.A.Probe(HandshakeNet.Endpoint(9), net.Now));

        var answers = new List<byte[]>();
        for (byte host = 1; host < 60; host++)
        {
            foreach (var (answer, to) in net.B.Receive(init, HandshakeNet.Endpoint(host, (ushort)(1000 + host)), net.Now))
            {
                Assert.Equal(HandshakeNet.Endpoint(host, (ushort)(1000 + host)), to);
                answers.Add(answer);
            }
        }

        Assert.Equal(59, answers.Count);
        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        Assert.Equal((1, 1, 58), (net.B.Handshaker.Counters.Opened, net.B.Handshaker.Counters.Answered, net.B.Handshaker.Counters.Copies));
        Assert.Empty(net.B.Made);
    }

    [Fact]
    public void The_responder_has_no_session_before_the_first_sealed_datagram()
    {
        using var net = new HandshakeNet(24);
        net.Inspect = (datagram, _, _) => datagram[1] != (byte)PacketType.Control;
        net.A.Paste(net.B, net.Now);

        Assert.False(net.Run(TimeSpan.FromSeconds(4), () => net.B.Made.Count > 0));
        Assert.Single(net.A.Made);
    }
}
