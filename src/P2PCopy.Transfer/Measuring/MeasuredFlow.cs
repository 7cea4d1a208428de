namespace P2PCopy.Transfer.Measuring;

/// <summary>Bytes that flowed one way for some seconds, as fast as the path carried them, from memory to memory.</summary>
public sealed record MeasuredFlow
{
    /// <summary>Bytes that arrived.</summary>
    public required long Bytes { get; init; }

    /// <summary>From the arrival of the first to that of the last.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Bytes a second, with the start, in which the rate is only being found; 0 when nothing can be said.</summary>
    public double BytesPerSecond => Rate(Bytes, Time);

    /// <summary>Bytes a second after the first two; <see langword="null"/> when it was too short for that.</summary>
    public double? LaterBytesPerSecond { get; init; }

    /// <summary>The median round trip while they flowed; zero when it is not known.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>The shortest round trip that was seen while they flowed; zero when it is not known.</summary>
    public TimeSpan LeastRoundTrip { get; init; }

    /// <summary>Which part of the packets was sent again, from 0 to 1.</summary>
    public double SentAgain { get; init; }

    /// <summary>What both ends saw of it.</summary>
    internal static MeasuredFlow From(in StopMessage sent, in FlowedMessage flowed) => new()
    {
        RoundTrip = TimeSpan.FromMicroseconds(sent.RoundTrip),
        LeastRoundTrip = TimeSpan.FromMicroseconds(sent.LeastRoundTrip),
        SentAgain = sent.PartSentAgain,
        Bytes = (long)flowed.Bytes,
        Time = TimeSpan.FromMicroseconds((long)flowed.Time),
        // A last moment says little about seconds.
        LaterBytesPerSecond = flowed.LaterTime >= 500_000 ? Rate((long)flowed.LaterBytes, TimeSpan.FromMicroseconds((long)flowed.LaterTime)) : null,
    };

    private static double Rate(long bytes, TimeSpan time) => time > TimeSpan.Zero ? bytes / time.TotalSeconds : 0;
}
