using System.Diagnostics;
using P2PCopy.Datagrams;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// Which packets are missing, and when to say so: a new gap at once, everything that stays missing again each time a report could
/// have been answered. (The reference reports once only, so a lost report costs it an expiration.)
/// </summary>
internal sealed class LossReports
{
    private const int MostQueuedGaps = 32;
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(20);

    private readonly IndexSet _missing;
    private readonly Instant[] _reportedAt;
    private readonly (long First, long Last)[] _gaps = new (long, long)[MostQueuedGaps];
    private int _gapCount;
    private Instant _nextRepeat = Instant.Never;

    /// <param name="window">Packets between the oldest and the newest at most.</param>
    /// <param name="reports">Whether there will be reports; else it only knows what is missing.</param>
    public LossReports(int window, bool reports = true)
    {
        _missing = new IndexSet(window);
        _reportedAt = reports ? new Instant[window] : [];
    }

    /// <summary>Packets missing now.</summary>
    public int Count => _missing.Count;

    /// <summary>Packets ever found missing.</summary>
    public long Total { get; private set; }

    /// <summary>When <see cref="Write"/> has something to say; long ago when a gap is new.</summary>
    public Instant NextReport => _gapCount > 0 ? Instant.Zero : _missing.Count > 0 ? _nextRepeat : Instant.Never;

    public bool IsMissing(long index) => _missing.Contains(index);

    /// <summary>The last run of missing packets that ends at or below <paramref name="from"/>.</summary>
    public bool TryPreviousGap(long from, out long first, out long last) => _missing.TryPreviousRange(from, out first, out last);

    /// <summary>A jump in the numbers.</summary>
    public void AddGap(long first, long last, Instant now, RttEstimator rtt)
    {
        Debug.Assert(first <= last, "a gap has at least one packet");
        Total += _missing.AddRange(first, last);
        if (_reportedAt.Length == 0) return;
        for (var index = first; index <= last; index++) _reportedAt[index % _reportedAt.Length] = now;
        if (_gapCount < MostQueuedGaps) _gaps[_gapCount++] = (first, last);
        if (_missing.Count == last - first + 1) _nextRepeat = now + Interval(rtt);
    }

    /// <summary>A packet that came is wanted once more: reported again when this could have been answered, not before.</summary>
    public void AddAgain(long index, Instant now, RttEstimator rtt)
    {
        if (_missing.Count == 0) _nextRepeat = now + Interval(rtt);
        _missing.Add(index);
        _reportedAt[index % _reportedAt.Length] = now;
    }

    /// <summary>A missing packet arrived; false when it was not missing.</summary>
    public bool Remove(long index) => _missing.Remove(index);

    /// <summary>Writes the list of a report; 0 bytes when there is nothing to say now.</summary>
    /// <param name="list">Room for the list.</param>
    /// <param name="initial">The wire number of packet 0.</param>
    /// <param name="now">The time.</param>
    /// <param name="rtt">Says when a report could have been answered.</param>
    public int Write(Span<byte> list, SequenceNumber initial, Instant now, RttEstimator rtt)
    {
        var length = 0;
        for (var i = 0; i < _gapCount; i++)
        {
            // Part of a gap may have arrived in the meantime, out of order.
            var at = _gaps[i].First;
            while (_missing.TryNextRange(at, out var first, out var last) && first <= _gaps[i].Last)
            {
                var written = NakPacket.Append(list[length..], initial + first, initial + Math.Min(last, _gaps[i].Last));
                if (written == 0)
                {
                    // The rest goes into the next report, which is due at once.
                    _gaps[i].First = first;
                    _gapCount -= i;
                    Array.Copy(_gaps, i, _gaps, 0, _gapCount);
                    return length;
                }

                at = last + 1;
                length += written;
            }
        }

        // PROTOCOL UDT-16.
        _gapCount = 0;
        if (now < _nextRepeat || _missing.Count == 0) return length;
        var interval = Interval(rtt);
        _nextRepeat = now + interval;
        var from = long.MinValue;
        while (_missing.TryNextRange(from, out var first, out var last))
        {
            from = last + 1;
            if (now - _reportedAt[first % _reportedAt.Length] < interval) continue;
            var written = NakPacket.Append(list[length..], initial + first, initial + last);
            if (written == 0)
            {
                _nextRepeat = now;
                break;
            }

            length += written;
            for (var index = first; index <= last; index++) _reportedAt[index % _reportedAt.Length] = now;
        }

        return length;
    }

    private static TimeSpan Interval(RttEstimator rtt) => rtt.Timeout > LeastInterval ? rtt.Timeout : LeastInterval;
}
