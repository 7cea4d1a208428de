using System.Runtime.InteropServices;

namespace P2PCopy.Transfer.Tree.Resume;

/// <summary>Stretches of numbers that never touch, in order. Growing at the end costs nothing, elsewhere a search.</summary>
internal sealed class RangeSet
{
    // Shared by all that are empty, of which there are thousands, and never added to.
    private static readonly List<(long Start, long End)> None = [];

    private List<(long Start, long End)> _ranges = None;

    /// <summary>The stretches in order, each from its first number to the one behind its last.</summary>
    public IReadOnlyList<(long Start, long End)> Ranges => _ranges;

    /// <summary>How many numbers are in it.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (var (start, end) in CollectionsMarshal.AsSpan(_ranges)) count += end - start;
            return count;
        }
    }

    /// <summary>Adds the numbers from <paramref name="start"/> up to but without <paramref name="end"/>.</summary>
    public void Add(long start, long end)
    {
        if (start >= end) return;
        if (_ranges.Count > 0 && _ranges[^1].End == start)
        {
            _ranges[^1] = (_ranges[^1].Start, end);
            return;
        }

        if (ReferenceEquals(_ranges, None)) _ranges = new List<(long Start, long End)>(1);
        var first = FirstEndingAtOrAfter(start);
        var next = first;
        for (; next < _ranges.Count && _ranges[next].Start <= end; next++)
        {
            start = Math.Min(start, _ranges[next].Start);
            end = Math.Max(end, _ranges[next].End);
        }

        _ranges.RemoveRange(first, next - first);
        _ranges.Insert(first, (start, end));
    }

    /// <summary>Removes the numbers from <paramref name="start"/> up to but without <paramref name="end"/>.</summary>
    public void Remove(long start, long end)
    {
        if (start >= end || _ranges.Count == 0) return;
        var first = FirstEndingAtOrAfter(start + 1);
        var next = first;
        var left = new List<(long, long)>(2);
        for (; next < _ranges.Count && _ranges[next].Start < end; next++)
        {
            var range = _ranges[next];
            if (range.Start < start) left.Add((range.Start, start));
            if (range.End > end) left.Add((end, range.End));
        }

        _ranges.RemoveRange(first, next - first);
        _ranges.InsertRange(first, left);
    }

    /// <summary>Whether all of these numbers are in it.</summary>
    public bool Contains(long start, long end)
    {
        if (start >= end) return true;
        var first = FirstEndingAtOrAfter(start + 1);
        return first < _ranges.Count && _ranges[first].Start <= start && _ranges[first].End >= end;
    }

    /// <summary>Whether one of these numbers is in it.</summary>
    public bool Overlaps(long start, long end)
    {
        if (start >= end) return false;
        var first = FirstEndingAtOrAfter(start + 1);
        return first < _ranges.Count && _ranges[first].Start < end;
    }

    /// <summary>The first stretch with a number at or after this one, or null.</summary>
    public (long Start, long End)? NextFrom(long number)
    {
        var first = FirstEndingAtOrAfter(number + 1);
        return first == _ranges.Count ? null : (Math.Max(number, _ranges[first].Start), _ranges[first].End);
    }

    private int FirstEndingAtOrAfter(long number)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].End < number) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
