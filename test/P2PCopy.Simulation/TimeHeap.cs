using System.Diagnostics.CodeAnalysis;
using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>
/// Things ordered by when they are due; what is due at the same instant comes out as it went in, or a run would depend on the shape
/// of the heap. Allocates only while it grows.
/// </summary>
/// <typeparam name="T">What is due.</typeparam>
public sealed class TimeHeap<T>
{
    private Entry[] _entries = new Entry[64];
    private long _sequence;

    /// <summary>How many are waiting.</summary>
    public int Count { get; private set; }

    /// <summary>When the first is due; <see cref="Instant.Never"/> when empty.</summary>
    public Instant Next => Count == 0 ? Instant.Never : _entries[0].Due;

    /// <summary>Adds one.</summary>
    public void Push(Instant due, T item)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        var entry = new Entry(due, _sequence++, item);
        var place = Count++;
        while (place > 0 && entry.IsBefore(_entries[(place - 1) / 2]))
        {
            _entries[place] = _entries[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _entries[place] = entry;
    }

    /// <summary>Takes out the first if it is due by <paramref name="now"/>.</summary>
    public bool TryPop(Instant now, [MaybeNullWhen(false)] out T item)
    {
        if (Count == 0 || _entries[0].Due > now)
        {
            item = default;
            return false;
        }

        item = _entries[0].Item;
        var last = _entries[--Count];
        _entries[Count] = default;
        if (Count > 0) SiftDown(last);
        return true;
    }

    private void SiftDown(Entry entry)
    {
        var place = 0;
        while (true)
        {
            var child = (2 * place) + 1;
            if (child >= Count) break;
            if (child + 1 < Count && _entries[child + 1].IsBefore(_entries[child])) child++;
            if (!_entries[child].IsBefore(entry)) break;
            _entries[place] = _entries[child];
            place = child;
        }

        _entries[place] = entry;
    }

    private readonly record struct Entry(Instant Due, long Sequence, T Item)
    {
        public bool IsBefore(in Entry other) => Due < other.Due || (Due == other.Due && Sequence < other.Sequence);
    }
}
