using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>The same rule for every packet: what was written reads back and writes the same bytes; no bytes make a reader throw.</summary>
public sealed class ChannelWireTests
{
    private static readonly Gen<byte[]> Sixteen = Gen.Byte.Array[16];
    private static readonly Gen<uint> Index = Gen.UInt.Select(value => value | DatagramHeader.IndexFlag);
    private static readonly Gen<Capabilities> Any = Gen.Byte.Select(value => (Capabilities)value);
    private static readonly Gen<UdpEndpoint> Endpoint = Gen.Select(Gen.Bool, Gen.ULong, Gen.ULong, Gen.UShort).Select((isV4, high, low, port) =>
        isV4 ? UdpEndpoint.FromIPv4((uint)low, port) : UdpEndpoint.FromIPv6(high | 1, low, port));

    private delegate bool Echo(ReadOnlySpan<byte> bytes, Span<byte> destination, out int length);

    // PROTOCOL HSK-1.
    [Theory]
    [InlineData(PacketType.Init, 160)]
    [InlineData(PacketType.Response, 128)]
    [InlineData(PacketType.HelloXX, 176)]
    [InlineData(PacketType.ResponseXX, 176)]
    [InlineData(PacketType.FinishXX, 128)]
    [InlineData(PacketType.Data, 0)]
    [InlineData(PacketType.Control, 0)]
    internal void A_handshake_datagram_has_exactly_the_length_of_its_type(PacketType type, int length)
    {
        Assert.Equal(length, HandshakePacket.LengthOf(type));
        var bytes = new byte[200];
        new DatagramHeader { Type = type, Counter = 7, ReceiverIndex = 0x8000_0001 }.Write(bytes);
        for (var i = 0; i <= bytes.Length; i++) Assert.Equal(i == length && i > 0, HandshakePacket.TryRead(bytes.AsSpan(0, i), out _));
        bytes[2] = 1;
        Assert.False(HandshakePacket.TryRead(bytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void Handshake_datagrams_read_back() => Gen.Select(Gen.Int[1, 5], Gen.ULong, Index, Gen.Byte.Array[200]).Sample((type, id, index, bytes) =>
    {
        var length = HandshakePacket.LengthOf((PacketType)type);
        var written = Write(new HandshakePacket
        {
            Type = (PacketType)type,
            AttemptId = id,
            ReceiverIndex = index,
            Message = bytes.AsSpan(0, length - HandshakePacket.Overhead),
            Mac = bytes.AsSpan(184),
        });
        Assert.Equal(length, written.Length);
        Assert.True(HandshakePacket.TryRead(written, out var read));
        Assert.Equal((id, index), (read.AttemptId, read.ReceiverIndex));
        AssertEchoes<HandshakePacket>(written);
    });

    [Fact]
    public void Payloads_read_back() => Gen.Select(Any, Index, Sixteen, Gen.UShort, Endpoint).Sample((capabilities, index, bytes, size, seen) =>
    {
        var hello = Write(new HelloPayload { Capabilities = capabilities, LocalIndex = index, Commitment = bytes, LargestDatagram = size });
        Assert.Equal(HelloPayload.Length, hello.Length);
        Assert.True(HelloPayload.TryRead(hello, out var h));
        Assert.Equal((capabilities, index, size), (h.Capabilities, h.LocalIndex, h.LargestDatagram));
        Assert.Equal(bytes, h.Commitment.ToArray());
        AssertEchoes<HelloPayload>(hello);

        var answer = Write(new AnswerPayload { Capabilities = capabilities, LocalIndex = index, Nonce = bytes, Observed = seen, LargestDatagram = size });
        Assert.Equal(AnswerPayload.Length, answer.Length);
        Assert.True(AnswerPayload.TryRead(answer, out var a));
        Assert.Equal((capabilities, index, seen, size), (a.Capabilities, a.LocalIndex, a.Observed, a.LargestDatagram));
        Assert.Equal(bytes, a.Nonce.ToArray());
        AssertEchoes<AnswerPayload>(answer);

        var finish = Write(new FinishPayload { Capabilities = capabilities, Nonce = bytes });
        Assert.Equal(FinishPayload.Length, finish.Length);
        Assert.True(FinishPayload.TryRead(finish, out var f));
        Assert.Equal(capabilities, f.Capabilities);
        Assert.Equal(bytes, f.Nonce.ToArray());
        AssertEchoes<FinishPayload>(finish);
    });

    // PROTOCOL HSK-3.
    [Fact]
    public void Another_version_or_an_index_without_its_bit_is_malformed()
    {
        var hello = Write(new HelloPayload { Capabilities = 0, LocalIndex = 0x8000_0001, Commitment = new byte[16], LargestDatagram = 1 });
        var answer = Write(new AnswerPayload { Capabilities = 0, LocalIndex = 0x8000_0001, Nonce = new byte[16], Observed = UdpEndpoint.FromIPv4(1, 1), LargestDatagram = 1 });
        foreach (var (offset, value) in new[] { (0, 2), (2, 0) })
        {
            Assert.False(HelloPayload.TryRead(With(hello, offset, (byte)value), out _));
            Assert.False(AnswerPayload.TryRead(With(answer, offset, (byte)value), out _));
        }

        Assert.False(AnswerPayload.TryRead(With(answer, 22, 6), out _));
        Assert.True(HelloPayload.TryRead(With(hello, 31, 9), out _));
        Assert.True(AnswerPayload.TryRead(With(answer, 47, 9), out _));
    }

    [Fact]
    public void Messages_of_the_channel_read_back() => Gen.Select(Gen.ULong, Gen.UInt, Gen.Bool, Endpoint, Gen.Byte.Array[0, 300], Sixteen).Sample(
        (challenge, generation, isAnswer, seen, bytes, nonce) =>
    {
        var ping = Write(new PingPacket { Challenge = challenge, Padding = bytes.Length });
        Assert.True(PingPacket.TryRead(ping, out var pi));
        Assert.Equal((challenge, bytes.Length, 9 + bytes.Length), (pi.Challenge, pi.Padding, ping.Length));
        AssertEchoes<PingPacket>(ping);

        var pong = Write(new PongPacket { Challenge = challenge, Observed = seen, Padding = bytes.Length });
        Assert.True(PongPacket.TryRead(pong, out var po));
        Assert.Equal((challenge, seen, bytes.Length, 28 + bytes.Length), (po.Challenge, po.Observed, po.Padding, pong.Length));
        AssertEchoes<PongPacket>(pong);

        var nominate = Write(new NominatePacket { IsAnswer = isAnswer, Generation = generation });
        Assert.True(NominatePacket.TryRead(nominate, out var n));
        Assert.Equal((isAnswer, generation), (n.IsAnswer, n.Generation));
        AssertEchoes<NominatePacket>(nominate);

        var candidates = Write(new CandidatesPacket { IsAnswer = isAnswer, Generation = generation, Records = bytes });
        Assert.True(CandidatesPacket.TryRead(candidates, out var c));
        Assert.Equal((isAnswer, generation), (c.IsAnswer, c.Generation));
        Assert.Equal(bytes, c.Records.ToArray());
        AssertEchoes<CandidatesPacket>(candidates);

        var confirm = Write(new ConfirmPacket { Nonce = nonce });
        Assert.True(ConfirmPacket.TryRead(confirm, out var co));
        Assert.Equal(nonce, co.Nonce.ToArray());
        AssertEchoes<ConfirmPacket>(confirm);
        Assert.False(ConfirmedPacket.TryRead(confirm, out _));

        var close = Write(new ClosePacket { Reason = (CloseReason)nonce[0] });
        Assert.True(ClosePacket.TryRead(close, out var cl));
        Assert.Equal((CloseReason)nonce[0], cl.Reason);
        AssertEchoes<ClosePacket>(close);
    });

    [Fact]
    public void Only_none_two_or_four_words_can_be_asked_for()
    {
        for (var words = 0; words < 256; words++)
        {
            var written = Write(new ConfirmedPacket { WordsAsked = (byte)words });
            Assert.Equal(words is 0 or 2 or 4, ConfirmedPacket.TryRead(written, out _));
            Assert.False(ConfirmPacket.TryRead(written, out _));
        }
    }

    [Theory]
    [InlineData(ControlKind.KemKey, MlKem768.KeyLength)]
    [InlineData(ControlKind.KemCiphertext, MlKem768.CiphertextLength)]
    internal void Both_halves_of_the_post_quantum_step_fit_a_datagram_that_every_path_carries(ControlKind kind, int length)
    {
        var written = Write(new KemPacket { Kind = kind, Value = new byte[length] });
        Assert.True(KemPacket.TryRead(written, out var read));
        Assert.Equal((kind, length), (read.Kind, read.Value.Length));
        Assert.InRange(written.Length + SecureChannel.LeastOverhead, 0, SessionTerms.SmallestDatagram);
        AssertEchoes<KemPacket>(written);
        Assert.False(KemPacket.TryRead(written.AsSpan(1), out _));
        Assert.False(KemPacket.TryRead(written.AsSpan(0, length), out _));
        if (kind != ControlKind.KemKey) return;
        written[1] = 1;
        Assert.True(KemPacket.TryRead(written, out read) && read.MayTakeAegis);
        AssertEchoes<KemPacket>(written);
        written[1] = 2;
        Assert.False(KemPacket.TryRead(written, out _));
    }

    [Fact]
    public void No_bytes_make_a_reader_throw() => Gen.Select(Gen.Byte.Array[0, 250], Gen.Byte[0, 9]).Sample((bytes, kind) =>
    {
        if (bytes.Length > 0 && bytes[0] % 2 == 0) bytes[0] = kind;
        foreach (var echo in Echoes)
        {
            var again = new byte[300];
            if (echo(bytes, again, out var length)) Assert.InRange(length, 1, bytes.Length);
        }
    });

    private static readonly Echo[] Echoes =
    [
        EchoAs<HandshakePacket>, EchoAs<HelloPayload>, EchoAs<AnswerPayload>, EchoAs<FinishPayload>, EchoAs<PingPacket>, EchoAs<PongPacket>,
        EchoAs<NominatePacket>, EchoAs<CandidatesPacket>, EchoAs<ConfirmPacket>, EchoAs<ConfirmedPacket>, EchoAs<KemPacket>, EchoAs<ClosePacket>,
    ];

    private static bool EchoAs<T>(ReadOnlySpan<byte> bytes, Span<byte> destination, out int length) where T : IWireFormat<T>, allows ref struct
    {
        length = 0;
        if (!T.TryRead(bytes, out var packet)) return false;
        length = packet.Write(destination);
        return true;
    }

    private static void AssertEchoes<T>(byte[] written) where T : IWireFormat<T>, allows ref struct
    {
        var again = new byte[written.Length];
        Assert.True(EchoAs<T>(written, again, out var length));
        Assert.Equal(written.Length, length);
        Assert.Equal(written, again);
    }

    private static byte[] Write<T>(T packet) where T : IWireFormat<T>, allows ref struct
    {
        var buffer = new byte[1500];
        return buffer[..packet.Write(buffer)];
    }

    private static byte[] With(byte[] bytes, int offset, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed[offset] = value;
        return changed;
    }
}
