using CsCheck;
using P2PCopy.Datagrams;

namespace P2PCopy.Tests.Datagrams;

public class PacketReaderWriterTests
{
    [Fact]
    public void What_is_written_reads_back_in_network_order() =>
        Gen.Select(Gen.Byte, Gen.UShort, Gen.UInt, Gen.ULong, Gen.Byte.Array).Sample((b, s, i, l, bytes) =>
        {
            Span<byte> buffer = new byte[15 + bytes.Length];
            var writer = new PacketWriter(buffer);
            writer.WriteByte(b);
            writer.WriteUInt16(s);
            writer.WriteUInt32(i);
            writer.WriteUInt64(l);
            writer.WriteBytes(bytes);
            Assert.Equal(buffer.Length, writer.Length);
            Assert.Equal((byte)(s >> 8), buffer[1]);
            Assert.Equal((byte)(i >> 24), buffer[3]);
            Assert.Equal((byte)(l >> 56), buffer[7]);

            var reader = new PacketReader(buffer);
            Assert.Equal(b, reader.ReadByte());
            Assert.Equal(s, reader.ReadUInt16());
            Assert.Equal(i, reader.ReadUInt32());
            Assert.Equal(l, reader.ReadUInt64());
            Assert.True(reader.Rest.SequenceEqual(bytes));
            Assert.True(reader.ReadBytes(bytes.Length).SequenceEqual(bytes));
            Assert.False(reader.Failed);
        });

    [Fact]
    public void Reading_any_sequence_of_fields_fails_only_past_the_end() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[0, 4].Array[0, 12]).Sample((bytes, fields) =>
        {
            var reader = new PacketReader(bytes);
            var (used, failed) = (0, false);
            foreach (var field in fields)
            {
                var size = field == 4 ? 3 : 1 << field;
                var value = field switch
                {
                    0 => reader.ReadByte(),
                    1 => reader.ReadUInt16(),
                    2 => reader.ReadUInt32(),
                    3 => reader.ReadUInt64(),
                    _ => (ulong)reader.ReadBytes(size).Length,
                };
                failed |= used + size > bytes.Length;
                used += size;
                if (failed) Assert.Equal(0ul, value);
            }

            Assert.Equal(failed, reader.Failed);
            Assert.Equal(failed ? 0 : bytes.Length - used, reader.Rest.Length);
        });

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void A_length_out_of_hostile_bytes_is_a_failure_and_no_exception(int length)
    {
        var reader = new PacketReader(new byte[8]);
        Assert.True(reader.ReadBytes(length).IsEmpty);
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Writing_past_the_end_is_the_callers_fault() => Assert.Throws<ArgumentException>(() =>
    {
        var writer = new PacketWriter(new byte[3]);
        writer.WriteUInt32(1);
    });
}
