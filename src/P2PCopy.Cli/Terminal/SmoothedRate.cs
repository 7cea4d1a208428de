namespace P2PCopy.Cli.Terminal;

/// <summary>
/// Bytes a second as an exponentially weighted mean over the last seconds: calm enough to read, quick enough to notice a change.
/// </summary>
/// <param name="memory">How long what was seen counts; what is older fades.</param>
internal sealed class SmoothedRate(TimeSpan memory)
{
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(50);

    private TimeSpan _time;
    private long _bytes;
    private double _weight;

    /// <summary>Bytes a second; 0 before the first step.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>Takes a reading of a growing counter.</summary>
    /// <param name="time">The time of the reading, on a clock that only grows and starts at zero.</param>
    /// <param name="bytes">The counter.</param>
    public void Add(TimeSpan time, long bytes)
    {
        var step = time - _time;
        if (step < ShortestStep) return;
        var rate = (bytes - _bytes) / step.TotalSeconds;

        // The weight of all that was seen grows towards 1, so the first readings are a plain mean and not a slow climb from zero.
        var keep = Math.Exp(-step / memory);
        var weight = (_weight * keep) + 1 - keep;
        BytesPerSecond = ((BytesPerSecond * _weight * keep) + (rate * (1 - keep))) / weight;
        (_time, _bytes, _weight) = (time, bytes, weight);
    }
}
