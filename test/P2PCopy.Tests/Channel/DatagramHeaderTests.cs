using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Tests.Channel;

public sealed class DatagramHeaderTests
{
    private static readonly byte[] Bytes = [0xd5, 0x10, 0x03, 0x00, 0, 0, 0, 0, 0, 0, 1, 2, 0x80, 0, 0, 9];

    [Fact]
    public void A_header_reads_what_it_wrote()
    {
        Assert.True(DatagramHeader.TryRead(Bytes, out var header));
        Assert.Equal((PacketType.Data, 3, 0x102ul, 0x8000_0009u), (header.Type, header.Epoch, header.Counter, header.ReceiverIndex));
        var written = new byte[DatagramHeader.Length];
        Assert.Equal(DatagramHeader.Length, header.Write(written));
        Assert.Equal(Bytes, written);
    }

    [Theory]
    [InlineData(0, 0xd4)]
    [InlineData(3, 1)]
    [InlineData(12, 0)]
    public void A_datagram_with_another_mark_is_no_header(int offset, byte value)
    {
        var bytes = (byte[])Bytes.Clone();
        bytes[offset] = value;
        Assert.False(DatagramHeader.TryRead(bytes, out _));
    }

    [Fact]
    public void A_short_datagram_is_no_header()
    {
        for (var length = 0; length < DatagramHeader.Length; length++) Assert.False(DatagramHeader.TryRead(Bytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void Keys_are_ordered_by_their_first_different_byte()
    {
        var low = new byte[PublicKey.Length];
        var high = new byte[PublicKey.Length];
        (low[31], high[8]) = (255, 1);
        Assert.True(new PublicKey(low) < new PublicKey(high));
        Assert.False(new PublicKey(low) > new PublicKey(high));
        Assert.Equal(new PublicKey(low), new PublicKey((byte[])low.Clone()));
        var copied = new byte[PublicKey.Length];
        new PublicKey(high).CopyTo(copied);
        Assert.Equal(high, copied);
    }
}
