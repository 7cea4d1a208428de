using CsCheck;
using P2PCopy.Udt.Sending;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Sending;

public sealed class SendBufferTests
{
    private const int Payload = 7;

    [Fact]
    public void It_holds_every_byte_until_it_is_released() =>
        Gen.Select(Gen.Int[1, 40], Gen.Select(Gen.Bool, Gen.Int[1, 300]).Array[1, 200]).Sample((packets, steps) =>
        {
            var buffer = new SendBuffer(packets, Payload);
            var model = new List<byte[]>();
            long head = 0, written = 0, released = 0;
            foreach (var (isWrite, amount) in steps)
            {
                if (isWrite && buffer.Lend() is { IsEmpty: false } room)
                {
                    var count = Math.Min(amount, room.Length);
                    for (var i = 0; i < count; i++) room.Span[i] = (byte)(written + i);
                    buffer.Commit(count);
                    for (var at = 0; at < count; at += Payload)
                        model.Add([.. Enumerable.Range(at, Math.Min(Payload, count - at)).Select(i => (byte)(written + i))]);
                    written += count;
                }
                else if (!isWrite)
                {
                    var count = Math.Min(amount, model.Count);
                    released += model.Take(count).Sum(packet => packet.Length);
                    model.RemoveRange(0, count);
                    head += count;
                    while (buffer.NextNew < head) buffer.TakeNew();
                    buffer.ReleaseBefore(head);
                }

                Assert.Equal((head, head + model.Count), (buffer.Head, buffer.Tail));
                Assert.Equal((written, released), (buffer.BytesWritten, buffer.BytesAcknowledged));
                Assert.True(model.Count <= buffer.Capacity);
                Assert.Equal(model.Count == buffer.Capacity, buffer.Lend().IsEmpty);
                for (var i = 0; i < model.Count; i++) Assert.Equal(model[i], buffer.Read(head + i, out _).ToArray());
            }
        }, iter: 200);

    [Fact]
    public void One_write_is_one_message_and_begins_with_a_packet_of_its_own()
    {
        var buffer = new SendBuffer(8, Payload);
        buffer.Commit(Payload + 1);
        buffer.Commit(3);
        buffer.Commit(3 * Payload);
        var words = new List<string>();
        for (var i = buffer.Head; i < buffer.Tail; i++)
        {
            var length = buffer.Read(i, out var word).Length;
            words.Add($"{word.Number}{(word.IsFirst ? "F" : "")}{(word.IsLast ? "L" : "")}:{length}");
        }

        Assert.Equal(["1F:7", "1L:1", "2FL:3", "3F:7", "3:7", "3L:7"], words);
    }

    [Theory]
    [InlineData(2, 2), InlineData(3, 4), InlineData(1000, 1024), InlineData(16384, 16384), InlineData(5000, 5120), InlineData(81_920, 81_920)]
    public void Its_capacity_is_a_power_of_two_and_above_1024_a_multiple_of_that(int asked, int capacity) => Assert.Equal(capacity, new SendBuffer(asked, 100).Capacity);

    [Fact]
    public void Message_words_of_its_packets_always_continue()
    {
        var buffer = new SendBuffer(64, Payload);
        var random = new Random(3);
        MessageWord? previous = null;
        for (var i = 0; i < 1000; i++)
        {
            buffer.Commit(random.Next(1, buffer.Lend().Length + 1));
            for (; buffer.Head < buffer.Tail; buffer.ReleaseBefore(buffer.TakeNew() + 1))
            {
                buffer.Read(buffer.Head, out var word);
                Assert.True(previous is not { } before || word.Continues(before));
                previous = word;
            }
        }
    }

    [Fact]
    public void What_was_never_sent_fills_no_more_than_its_share_of_a_wide_window()
    {
        var buffer = new SendBuffer(81_920, Payload);
        WriteAll(buffer);
        Assert.Equal(SendBuffer.MostUnsent, buffer.Tail);
        Assert.Equal(SendBuffer.MostUnsent / 1024, buffer.Memory.PiecesMade);

        // As much as is sent may be written, until the window is full.
        while (buffer.NextNew < buffer.Tail)
        {
            buffer.TakeNew();
            if (buffer.NextNew % 1000 == 0) WriteAll(buffer);
        }

        Assert.Equal(81_920, buffer.Tail);
        Assert.False(buffer.IsWorthWriting);
        Assert.Equal(80, buffer.Memory.PiecesInUse);
        buffer.ReleaseBefore(81_920);
        WriteAll(buffer);
        Assert.Equal(SendBuffer.MostUnsent / 1024, buffer.Memory.PiecesInUse);
        Assert.Equal(80, buffer.Memory.PiecesMade);
    }

    private static void WriteAll(SendBuffer buffer)
    {
        while (buffer.Lend() is { IsEmpty: false } room) buffer.Commit(room.Length);
    }
}
