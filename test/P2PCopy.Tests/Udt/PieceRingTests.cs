using CsCheck;
using P2PCopy.Udt;

namespace P2PCopy.Tests.Udt;

public sealed class PieceRingTests
{
    [Fact]
    public void What_is_put_at_a_number_stays_there_while_it_is_held_and_no_more_pieces_are_made_than_it_takes() =>
        Gen.Select(Gen.Int[1, 6000], Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 4000]).Array[1, 30]).Sample((window, steps) =>
        {
            var ring = new PieceRing<long>(window, 1);
            var pieceSlots = Math.Min((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)window), PieceRing<long>.MostPieceSlots);
            var (head, tail, most) = (0L, 0L, 0L);
            foreach (var (arrives, leaves) in steps)
            {
                for (var end = Math.Min(tail + arrives, head + window); tail < end; tail++) ring.At(tail) = tail;
                if (tail > head) most = Math.Max(most, ((tail - 1) / pieceSlots) - (head / pieceSlots) + 1);
                for (var index = head; index < tail; index++) Assert.Equal(index, ring.Of(index)[0]);
                var next = Math.Min(head + leaves, tail);
                ring.MoveHead(head, next);
                head = next;
                Assert.Equal(tail % pieceSlots == 0 && head == tail ? 0 : ((tail - 1) / pieceSlots) - (head / pieceSlots) + (tail > 0 ? 1 : 0), ring.PiecesInUse);
                Assert.Equal(most, ring.PiecesMade);
                Assert.True(most <= ring.MostPieces);
            }
        }, iter: 100);

    [Fact]
    public void Nothing_is_taken_before_it_is_used() => Assert.Equal(0, new PieceRing<byte>(1 << 20, 1456).PiecesMade);

    [Fact]
    public void A_short_flight_goes_through_a_wide_window_in_the_same_two_pieces()
    {
        var ring = new PieceRing<byte>(81_920, 10);
        for (var index = 0L; index < 500_000; index++)
        {
            ring.At(index) = 1;
            if (index >= 100) ring.MoveHead(index - 100, index - 99);
        }

        Assert.Equal(2, ring.PiecesMade);
    }
}
