using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Measuring;

/// <summary>Counts what arrives of a flow: all of it, and without its start, in which the rate of the path is only being found.</summary>
internal sealed class FlowMeter
{
    /// <summary>How long the start is.</summary>
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(2);

    private Instant? _first;
    private Instant _last;
    private Instant? _later;
    private long _laterFrom;

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes came.</summary>
    public void Add(int count, Instant now)
    {
        _first ??= now;
        _last = now;
        // What comes first at an instant came before it.
        Bytes += count;
        if (_later is not null || now - _first.Value < Start) return;
        _later = now;
        _laterFrom = Bytes;
    }

    /// <summary>What it came to.</summary>
    public FlowedMessage Total => new((ulong)Bytes, Microseconds(_first), (ulong)(_later is null ? 0 : Bytes - _laterFrom), Microseconds(_later));

    private ulong Microseconds(Instant? since) => since is { } start ? (ulong)(_last.Microseconds - start.Microseconds) : 0;
}
