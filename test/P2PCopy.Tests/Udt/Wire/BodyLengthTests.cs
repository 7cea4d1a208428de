using System.Buffers.Binary;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Wire;

/// <summary>Bodies of every length that was seen to hurt somebody.</summary>
public sealed class BodyLengthTests
{
    [Theory]
    [InlineData(0, false, false)]
    [InlineData(3, false, false)]
    [InlineData(4, true, false)]
    [InlineData(8, false, false)]
    [InlineData(12, false, false)]
    [InlineData(16, true, false)]
    [InlineData(20, true, false)]
    [InlineData(24, true, true)]
    [InlineData(28, true, true)]
    public void An_acknowledgement_has_4_16_or_24_bytes_of_body(int length, bool reads, bool hasRates)
    {
        Assert.Equal(reads, AckPacket.TryRead(Control(2, new byte[length]), out var ack));
        Assert.Equal(hasRates, ack.HasRates);
        Assert.Equal(reads && length == 4, ack.IsLight);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true, 5u)]
    [InlineData(true, 0x7fff_ffffu)]
    [InlineData(false, 0x8000_0005u)]
    [InlineData(false, 5u, 0x8000_0005u)]
    [InlineData(true, 0x8000_0005u, 9u)]
    [InlineData(true, 0x8000_0009u, 5u)]
    [InlineData(false, 0x8000_0005u, 0x8000_0009u)]
    [InlineData(true, 1u, 0x8000_0005u, 9u, 12u)]
    [InlineData(false, 1u, 0x8000_0005u, 9u, 0x8000_000cu)]
    public void A_loss_report_has_whole_entries(bool reads, params uint[] words)
    {
        var body = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(i * 4), words[i]);
        Assert.Equal(reads, NakPacket.TryRead(Control(3, body), out var nak));
        if (!reads) return;
        var list = nak.List;
        var entries = 0;
        while (NakPacket.TryTake(ref list, out _, out _)) entries++;
        Assert.Equal(words.Count(word => word < 0x8000_0000), entries);
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(5)]
    public void A_loss_report_has_whole_words(int length) => Assert.False(NakPacket.TryRead(Control(3, new byte[length]), out _));

    [Fact]
    public void A_report_grows_by_entries_that_fit_and_stops_before_one_that_does_not()
    {
        var room = new byte[11];
        Assert.Equal(8, NakPacket.Append(room, new SequenceNumber(1), new SequenceNumber(2)));
        Assert.Equal(0, NakPacket.Append(room.AsSpan(8), new SequenceNumber(4), new SequenceNumber(4)));
        Assert.Equal("8000000100000002000000", Convert.ToHexString(room));
    }

    [Theory]
    [InlineData(0), InlineData(47)]
    public void A_handshake_has_48_bytes_of_body(int length)
    {
        Assert.False(HandshakePacket.TryRead(Control(0, new byte[length]), out _));
        Assert.True(HandshakePacket.TryRead(Control(0, new byte[48]), out _));
    }

    [Fact]
    public void A_message_drop_has_8_bytes_of_body()
    {
        Assert.False(MessageDropPacket.TryRead(Control(7, new byte[7]), out _));
        Assert.True(MessageDropPacket.TryRead(Control(7, new byte[8]), out _));
    }

    [Theory]
    [InlineData(0, false), InlineData(27, false), InlineData(28, true), InlineData(30, false), InlineData(32, true)]
    public void A_delivery_report_has_28_bytes_of_body_and_whole_runs(int length, bool reads) =>
        Assert.Equal(reads, DeliveryReportPacket.TryRead(Control(9, new byte[length]), out _));

    [Fact]
    public void What_is_shorter_than_a_header_is_no_packet()
    {
        for (var length = 0; length < 16; length++) Assert.False(PacketHeader.TryRead(new byte[length], out _));
    }

    private static byte[] Control(byte type, byte[] body) => [0x80, type, .. new byte[14], .. body];
}
