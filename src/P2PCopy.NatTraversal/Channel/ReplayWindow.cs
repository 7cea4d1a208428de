namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// Which counters have been seen, for the newest <see cref="Size"/> of them (RFC 6479): a ring of bits that moves by whole words, so that
/// nothing is ever shifted.
/// </summary>
internal sealed class ReplayWindow
{
    /// <summary>Counters that are told apart; what is older counts as seen.</summary>
    public const int Size = 4096;

    // The window and the words into which it moves next must not overlap; a power of two makes the ring's index a mask.
    private const int Words = 2 * Size / 64;

    private readonly ulong[] _seen = new ulong[Words];
    private ulong _newest;
    private bool _any;

    /// <summary>Whether <paramref name="counter"/> is above all that were seen.</summary>
    public bool IsNewest(ulong counter) => !_any || counter > _newest;

    /// <summary>Whether <paramref name="counter"/> was not seen and is not too old to know. PROTOCOL CHN-7.</summary>
    public bool IsFresh(ulong counter)
    {
        if (IsNewest(counter)) return true;
        return _newest - counter < Size && (_seen[Word(counter)] & Bit(counter)) == 0;
    }

    /// <summary>Takes note of a counter that <see cref="IsFresh"/>, after its packet has proved genuine.</summary>
    public void Add(ulong counter)
    {
        if (IsNewest(counter))
        {
            MoveTo(counter);
            _newest = counter;
            _any = true;
        }

        _seen[Word(counter)] |= Bit(counter);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _seen.AsSpan().Clear();
        _newest = 0;
        _any = false;
    }

    private void MoveTo(ulong counter)
    {
        var (from, to) = (_newest >> 6, counter >> 6);
        for (var stale = Math.Min(to - from, Words); stale > 0; stale--) _seen[(int)((to - stale + 1) % Words)] = 0;
    }

    private static int Word(ulong counter) => (int)((counter >> 6) % Words);

    private static ulong Bit(ulong counter) => 1UL << (int)(counter & 63);
}
