using CsCheck;
using P2PCopy.Transfer.IO.Tree;

namespace P2PCopy.EndToEnd.Tree;

public sealed class TakenBytesTests
{
    [Fact]
    public void What_lies_together_is_handed_on_together_and_is_given_back_in_order() =>
        Gen.Int.Sample(seed => HandOn(new Random(seed)), iter: 200);

    private static void HandOn(Random random)
    {
        var ring = new LentPieces(random);
        var taken = new TakenBytes(ring.TakeBack);
        var expected = 0;
        var joined = 0;
        while (expected < ring.Total)
        {
            if (taken.MayGrow && (taken.Run.IsEmpty || random.Next(2) == 0))
            {
                var before = taken.Run.Length;
                var more = ring.Take();
                taken.Add(more);
                if (before > 0 && taken.Run.Length == before + more.Length) joined++;
            }

            var count = random.Next(taken.Run.Length + 1);
            foreach (var value in taken.Run.Span[..count]) Assert.Equal((byte)expected++, value);
            taken.HandOn(count);
            Assert.Equal(expected, taken.Handed);
            taken.Release(random.Next((int)ring.Released, expected + 1));
            Assert.InRange(ring.Released, 0, expected);
        }

        taken.Release(taken.Handed);
        Assert.Equal(ring.Total, ring.Released);
        taken.Add(ring.Take());
        Assert.True(taken.MayGrow && taken.Run.IsEmpty, "the end of the stream adds nothing");
        Assert.True(joined > 0, "nothing ever continued what was there");
    }

    /// <summary>A connection whose bytes count up and lie in pieces of memory, as those of a ring do.</summary>
    private sealed class LentPieces(Random random)
    {
        private const int PieceBytes = 1000;
        private readonly byte[][] _pieces = [.. Enumerable.Range(0, 8).Select(static piece => Enumerable.Range(piece * PieceBytes, PieceBytes).Select(static i => (byte)i).ToArray())];
        private int _taken;

        public int Total => _pieces.Length * PieceBytes;

        public long Released { get; private set; }

        /// <summary>What comes next; nothing at the end.</summary>
        public ReadOnlyMemory<byte> Take()
        {
            if (_taken == Total) return default;
            var offset = _taken % PieceBytes;
            var bytes = _pieces[_taken / PieceBytes].AsMemory(offset, random.Next(1, Math.Min(100, PieceBytes - offset) + 1));
            _taken += bytes.Length;
            return bytes;
        }

        public void TakeBack(int count) => Released += count;
    }
}
