using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>The second key exchange happens exactly when both want it, survives loss, and nothing of a file goes before it.</summary>
public sealed class PostQuantumSessionTests
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(true, true, false)]
    public void Both_must_want_it(bool a, bool b, bool tickets)
    {
        using var net = Net(61, a, b);
        net.PasteBoth(tickets);

        var epoch = a && b ? 1u : 0u;
        Assert.True(net.Run(TimeSpan.FromSeconds(2), () => net.BothReady() && net.BothIn(epoch)));

        Assert.Equal((a && b, a && b), (net.A.Session.IsPostQuantum, net.B.Session.IsPostQuantum));
        Assert.Equal(net.A.Session.Words, net.B.Session.Words);
    }

    [Fact]
    public void It_comes_through_terrible_networks()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            using var net = Net(seed, true, true);
            net.Loss = 0.1 * (seed % 6);
            net.Doubling = 0.2;
            net.Straggling = 0.05 * (seed % 3);
            net.Delay = TimeSpan.FromMilliseconds(150);
            net.PasteBoth(seed % 3 > 0);

            Assert.True(net.Run(TimeSpan.FromSeconds(120), () => net.BothReady() && net.BothIn(1)), $"seed {seed}");
            Assert.Equal(net.A.Session.Words, net.B.Session.Words);
        }
    }

    [Fact]
    public void Data_waits_for_the_new_keys_on_both_sides()
    {
        using var net = Net(62, true, true);
        net.Inspect = (datagram, from, _) => from != net.B.Address || datagram.Length < MlKem768.CiphertextLength;
        net.PasteBoth(tickets: true);
        Assert.False(net.Run(TimeSpan.FromSeconds(2), net.BothReady));
        var (a, b) = (net.A.Session, net.B.Session);
        Assert.True(a.IsConfirmed && b.IsConfirmed);
        var buffer = new byte[100];
        Assert.Throws<InvalidOperationException>(() => a.Seal(PacketType.Data, new byte[10], buffer));

        // Whoever sends it all the same is not listened to.
        var length = a.Channel.Seal(PacketType.Data, new byte[10], buffer);
        Assert.False(b.TryOpen(buffer.AsSpan(0, length), net.A.Address, new byte[100], net.Now, out _));
        Assert.Equal(1, b.Early);
        var late = new byte[100];
        var lateLength = a.Channel.Seal(PacketType.Data, new byte[10], late);

        net.Inspect = null;
        Assert.True(net.Run(TimeSpan.FromSeconds(2), net.BothReady));
        Assert.False(b.TryOpen(late.AsSpan(0, lateLength), net.A.Address, new byte[100], net.Now, out _));
        Assert.Equal(2, b.Early);
        length = a.Seal(PacketType.Data, new byte[10], buffer);
        Assert.True(b.TryOpen(buffer.AsSpan(0, length), net.A.Address, new byte[100], net.Now, out var opened));
        Assert.Equal((PacketType.Data, 10, 1u), (opened.Type, opened.Length, opened.Epoch));
    }

    [Fact]
    public void An_initiator_cannot_change_its_key_and_a_bad_one_is_no_key()
    {
        using var net = Net(63, true, true);
        net.PasteBoth(tickets: true);
        Assert.True(net.Run(TimeSpan.FromSeconds(2), net.BothReady));
        var (initiator, responder) = net.A.Session.IsInitiator ? (net.A, net.B) : (net.B, net.A);
        var inner = new byte[2 + MlKem768.KeyLength];
        var buffer = new byte[1500];
        foreach (var filling in new byte[] { 0x00, 0xff })
        {
            Array.Fill(inner, filling);
            inner[0] = (byte)ControlKind.KemKey;
            inner[1] = 0;
            var length = initiator.Session.Seal(PacketType.Control, inner, buffer);
            Assert.DoesNotContain(responder.Receive(buffer[..length], initiator.Address, net.Now), sent => sent.Datagram.Length > MlKem768.CiphertextLength);
        }

        Assert.True(net.BothReady());
    }

    [Fact]
    public void Both_must_have_aes_and_the_smaller_datagram_counts()
    {
        foreach (var (a, b) in new[] { (true, true), (true, false), (false, false) })
        {
            using var net = new HandshakeNet(64, true, n =>
            {
                n.OptionsOfA = new HandshakeOptions(true, PostQuantum: false, Aes: a && DataCipher.Aes256Gcm.IsSupported(), LargestDatagram: 1400);
                n.OptionsOfB = new HandshakeOptions(false, PostQuantum: false, Aes: b && DataCipher.Aes256Gcm.IsSupported(), LargestDatagram: a ? (ushort)1300 : (ushort)100);
            });
            net.PasteBoth(tickets: true);
            Assert.True(net.Run(TimeSpan.FromSeconds(2), net.BothReady));
            var cipher = DataCipherAlgorithm.Choose(a && b && DataCipher.Aes256Gcm.IsSupported());
            Assert.Equal((cipher, cipher), (net.A.Session.Cipher, net.B.Session.Cipher));
            Assert.Equal((a ? 1300 : 1232, a ? 1300 : 1232), (net.A.Session.LargestDatagram, net.B.Session.LargestDatagram));
        }
    }

    // PROTOCOL CHN-12.
    [Theory]
    [InlineData(true, true, true, 9.9, true)]
    [InlineData(true, true, false, 9.9, true)]
    [InlineData(true, true, true, 10.0, false)]
    [InlineData(true, false, true, 1.0, false)]
    [InlineData(false, true, true, 1.0, false)]
    public void Near_peers_that_both_can_seal_with_AEGIS_once_they_have_the_new_keys(bool a, bool b, bool tickets, double milliseconds, bool expected)
    {
        if (!DataCipher.Aegis256.IsSupported()) return;
        using var net = new HandshakeNet(65, true, n =>
        {
            n.OptionsOfA = new HandshakeOptions(true, Aes: true, Aegis: a);
            n.OptionsOfB = new HandshakeOptions(false, Aes: true, Aegis: b);
        });
        net.A.RoundTrip = net.B.RoundTrip = TimeSpan.FromMilliseconds(milliseconds);
        net.PasteBoth(tickets);
        Assert.True(net.Run(TimeSpan.FromSeconds(5), net.BothReady));
        var cipher = expected ? DataCipher.Aegis256 : DataCipher.Aes256Gcm;
        Assert.Equal((cipher, cipher), (net.A.Session.Cipher, net.B.Session.Cipher));
        Assert.Equal(expected ? (48, 48) : (32, 32), (net.A.Session.Overhead, net.B.Session.Overhead));
    }

    [Fact]
    public void Which_one_seals_is_decided_when_the_path_is_measured_and_not_before()
    {
        if (!DataCipher.Aegis256.IsSupported()) return;
        using var net = new HandshakeNet(67, true, n =>
        {
            n.OptionsOfA = new HandshakeOptions(true, Aes: true, Aegis: true);
            n.OptionsOfB = new HandshakeOptions(false, Aes: true, Aegis: true);
        });
        net.A.RoundTrip = net.B.RoundTrip = null;
        net.PasteBoth(tickets: true);
        Assert.False(net.Run(TimeSpan.FromSeconds(2), () => net.A.Made.Concat(net.B.Made).Any(session => session.IsReady)));
        Assert.True(net.A.Session.IsConfirmed && net.B.Session.IsConfirmed);
        net.A.RoundTrip = net.B.RoundTrip = TimeSpan.FromMilliseconds(1);
        Assert.True(net.Run(TimeSpan.FromSeconds(1), net.BothReady));
        Assert.Equal((DataCipher.Aegis256, DataCipher.Aegis256), (net.A.Session.Cipher, net.B.Session.Cipher));
    }

    [Fact]
    public void Who_cannot_open_AEGIS_does_not_take_a_key_that_asks_for_it()
    {
        using var net = Net(66, true, true);
        net.Inspect = (datagram, _, _) => datagram.Length < MlKem768.CiphertextLength;
        net.PasteBoth(tickets: true);
        net.Run(TimeSpan.FromSeconds(1));
        var (initiator, responder) = net.A.Session.IsInitiator ? (net.A, net.B) : (net.B, net.A);
        using var pair = MlKem768.Create(net.A.Random).GenerateKeyPair();
        var key = new byte[MlKem768.KeyLength];
        pair.CopyKey(key);
        foreach (var asks in new[] { true, false })
        {
            var (inner, buffer) = (new byte[2 + MlKem768.KeyLength], new byte[1500]);
            new KemPacket { Kind = ControlKind.KemKey, MayTakeAegis = asks, Value = key }.Write(inner);
            var length = initiator.Session.Seal(PacketType.Control, inner, buffer);
            var answers = responder.Receive(buffer[..length], initiator.Address, net.Now);
            Assert.Equal(!asks, answers.Any(sent => sent.Datagram.Length > MlKem768.CiphertextLength));
        }
    }

    private static HandshakeNet Net(ulong seed, bool a, bool b) => new(seed, seed % 2 == 0, net =>
    {
        net.OptionsOfA = new HandshakeOptions(true, PostQuantum: a);
        net.OptionsOfB = new HandshakeOptions(false, PostQuantum: b);
    });
}
