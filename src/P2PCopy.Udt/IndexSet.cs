using System.Diagnostics;
using System.Numerics;

namespace P2PCopy.Udt;

/// <summary>
/// A set of packet indices within a window that moves forward: a ring of bits, so adding, removing and finding the first are cheap,
/// nothing is allocated after construction, and no peer can make it grow. Holds the lost and the missing packets.
/// </summary>
internal sealed class IndexSet
{
    private const int WordBits = 64;
    private readonly ulong[] _words;
    private readonly long _mask;
    private long _low;
    private long _high;

    /// <param name="window">The span that members may cover; rounded up to a power of two of at least 64.</param>
    public IndexSet(int window)
    {
        var capacity = (long)BitOperations.RoundUpToPowerOf2((uint)Math.Max(window, WordBits));
        _words = new ulong[capacity / WordBits];
        _mask = capacity - 1;
    }

    /// <summary>How many indices are in the set.</summary>
    public int Count { get; private set; }

    public bool Contains(long index) =>
        Count > 0 && index >= _low && index < _high && (_words[Word(index)] & Bit(index)) != 0;

    /// <summary>Adds one; false when it was there.</summary>
    public bool Add(long index)
    {
        if (Count == 0)
        {
            _low = index;
            _high = index + 1;
        }
        else
        {
            // The first members may be gone: the window has moved on, and the ring goes round.
            if (index - _low > _mask) TryFirst(out _);
            _low = Math.Min(_low, index);
            _high = Math.Max(_high, index + 1);
            Debug.Assert(_high - _low <= _mask + 1, "members must lie within one window");
        }

        ref var word = ref _words[Word(index)];
        if ((word & Bit(index)) != 0) return false;
        word |= Bit(index);
        Count++;
        return true;
    }

    /// <summary>Adds all from <paramref name="first"/> to <paramref name="last"/>; returns how many are new.</summary>
    public int AddRange(long first, long last)
    {
        var added = 0;
        for (var index = first; index <= last; index++)
            if (Add(index)) added++;
        return added;
    }

    /// <summary>Removes one; false when it was not there.</summary>
    public bool Remove(long index)
    {
        if (!Contains(index)) return false;
        _words[Word(index)] &= ~Bit(index);
        Count--;
        return true;
    }

    /// <summary>Removes all below <paramref name="index"/>.</summary>
    public void RemoveBefore(long index)
    {
        while (TryFirst(out var first) && first < index) Remove(first);
    }

    /// <summary>The smallest member.</summary>
    public bool TryFirst(out long index) => TryNext(long.MinValue, out index) && Lower(index);

    /// <summary>The smallest member that is not below <paramref name="from"/>.</summary>
    public bool TryNext(long from, out long index)
    {
        index = 0;
        if (Count == 0) return false;
        var at = Math.Max(from, _low);
        while (at < _high)
        {
            var rest = _words[Word(at)] >> (int)(at & (WordBits - 1));
            if (rest != 0)
            {
                index = at + BitOperations.TrailingZeroCount(rest);
                return index < _high;
            }

            at = (at | (WordBits - 1)) + 1;
        }

        return false;
    }

    /// <summary>The first run of consecutive members that starts at or above <paramref name="from"/>.</summary>
    public bool TryNextRange(long from, out long first, out long last)
    {
        last = 0;
        if (!TryNext(from, out first)) return false;
        last = EndOfRun(first);
        return true;
    }

    /// <summary>The last run of consecutive members that ends at or below <paramref name="from"/>.</summary>
    public bool TryPreviousRange(long from, out long first, out long last)
    {
        first = 0;
        if (!TryPrevious(from, out last)) return false;
        first = StartOfRun(last);
        return true;
    }

    // Whole words at a time: a run can be as long as a window, and is asked for with each report.
    private long EndOfRun(long at)
    {
        while (at < _high)
        {
            var members = BitOperations.TrailingZeroCount(~(_words[Word(at)] >> (int)(at & (WordBits - 1))));
            var left = WordBits - (int)(at & (WordBits - 1));
            at += Math.Min(members, left);
            if (members < left) break;
        }

        return Math.Min(at, _high) - 1;
    }

    private long StartOfRun(long at)
    {
        while (at >= _low)
        {
            var left = (int)(at & (WordBits - 1)) + 1;
            var members = BitOperations.LeadingZeroCount(~(_words[Word(at)] << (WordBits - left)));
            at -= Math.Min(members, left);
            if (members < left) break;
        }

        return Math.Max(at + 1, _low);
    }

    private bool TryPrevious(long from, out long index)
    {
        index = 0;
        if (Count == 0) return false;
        for (var at = Math.Min(from, _high - 1); at >= _low; at = (at & ~(WordBits - 1L)) - 1)
        {
            var rest = _words[Word(at)] << (int)(WordBits - 1 - (at & (WordBits - 1)));
            if (rest == 0) continue;
            index = at - BitOperations.LeadingZeroCount(rest);
            return index >= _low;
        }

        return false;
    }

    private bool Lower(long first)
    {
        _low = first;
        return true;
    }

    private int Word(long index) => (int)((index & _mask) / WordBits);

    private static ulong Bit(long index) => 1UL << (int)(index & (WordBits - 1));
}
