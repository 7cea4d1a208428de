using CsCheck;
using P2PCopy.Udt.Receiving;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Receiving;

public sealed class ReceiveBufferTests
{
    private const int Slot = 11;

    [Fact]
    public void Bytes_come_out_in_order_whatever_the_order_of_arrival_and_the_size_of_reads() =>
        Gen.Select(Gen.Int[2, 40], Gen.Int, Gen.Int[1, 60].Array[1, 200]).Sample((packets, seed, reads) =>
        {
            var random = new Random(seed);
            var buffer = new ReceiveBuffer(packets, Slot);
            var arrived = new HashSet<long>();
            var sent = new Dictionary<long, byte[]>();
            var expected = new Queue<byte>();
            var held = new Queue<(ReadOnlyMemory<byte> Memory, byte[] Bytes)>();
            foreach (var read in reads)
            {
                // Any free place of the window, then as much as is in order.
                var index = buffer.ReadableEnd + random.Next((int)(buffer.HeldIndex + buffer.Capacity - buffer.ReadableEnd) + 1);
                if (index < buffer.HeldIndex + buffer.Capacity && arrived.Add(index))
                {
                    sent[index] = new byte[random.Next(3) == 0 ? random.Next(1, Slot + 1) : Slot];
                    random.NextBytes(sent[index]);
                    Assert.True(buffer.Fits(sent[index].Length));
                    buffer.Store(index, new MessageWord((uint)index), sent[index]);
                }

                for (; arrived.Contains(buffer.ReadableEnd);)
                {
                    var next = buffer.ReadableEnd;
                    Assert.Equal((uint)next, buffer.MessageOf(next).Number);
                    foreach (var value in sent[next]) expected.Enqueue(value);
                    Assert.Equal(sent[next].Length, buffer.Publish());
                }

                Assert.Equal(expected.Count > 0, buffer.IsReadable);
                var lent = buffer.Lend(most: random.Next(1, packets + 1));
                Assert.Equal(expected.Count == 0, lent.IsEmpty);
                Assert.Equal(expected.Take(lent.Length), lent.ToArray());
                var count = Math.Min(read, lent.Length);
                for (var i = 0; i < count; i++) expected.Dequeue();
                buffer.Take(count);
                held.Enqueue((lent[..count], lent[..count].ToArray()));
                while (held.Count > 0 && random.Next(3) > 0)
                {
                    // What was taken stays as it was until it is given back.
                    var (memory, bytes) = held.Dequeue();
                    Assert.Equal(bytes, memory.ToArray());
                    buffer.Release(bytes.Length);
                }
            }
        }, iter: 300);

    [Fact]
    public void What_is_lent_is_as_long_as_full_packets_lie_in_one_piece()
    {
        var buffer = new ReceiveBuffer(8, Slot);
        for (var i = 0; i < 6; i++)
        {
            buffer.Store(i, default, new byte[i == 3 ? 5 : Slot]);
            buffer.Publish();
        }

        Assert.Equal((3 * Slot) + 5, buffer.Lend().Length);
        Assert.Equal(2 * Slot, buffer.Lend(most: 2).Length);
        buffer.Take((3 * Slot) + 5);
        Assert.Equal(2 * Slot, buffer.Lend().Length);
    }

    [Fact]
    public void Empty_packets_and_such_that_are_longer_than_a_slot_do_not_fit()
    {
        var buffer = new ReceiveBuffer(8, Slot);
        Assert.False(buffer.Fits(0));
        Assert.True(buffer.Fits(1));
        Assert.True(buffer.Fits(Slot));
        Assert.False(buffer.Fits(Slot + 1));
    }
}
