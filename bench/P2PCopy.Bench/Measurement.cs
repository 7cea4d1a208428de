using System.Globalization;

namespace P2PCopy.Bench;

/// <summary>What one run has shown. What was not looked at is not a number.</summary>
/// <param name="Megabits">Mbit/s of file, from the moment at which both sides were connected.</param>
internal readonly record struct Measurement(double Megabits)
{
    private const double Gibibyte = 1L << 30;
    private const double Mebibyte = 1L << 20;

    /// <summary>Mbit/s of file, from the start of the sending process, with key exchange and all.</summary>
    public double WholeMegabits { get; init; } = double.NaN;

    /// <summary>CPU seconds per GiB of file, both ends with their starts.</summary>
    public double Cpu { get; init; } = double.NaN;

    /// <summary>The peak of memory of the larger process, MiB.</summary>
    public double Memory { get; init; } = double.NaN;

    /// <summary>The round trip of a stranger's small packets over the link before, ms, median.</summary>
    public double IdleRoundTrip { get; init; } = double.NaN;

    /// <summary>The same while bytes flow.</summary>
    public double LoadedRoundTrip { get; init; } = double.NaN;

    /// <summary>Of these, what 95 % are below.</summary>
    public double HighRoundTrip { get; init; } = double.NaN;

    /// <summary>What a TCP CUBIC flow beside it gets, percent of the link's rate.</summary>
    public double TcpShare { get; init; } = double.NaN;

    /// <summary>From the result lines of both ends.</summary>
    public static Measurement From(string sender, string receiver, long bytes) => new(Rate(bytes, Read(sender, "seconds")))
    {
        WholeMegabits = Rate(bytes, Read(sender, sender.Contains(" whole=", StringComparison.Ordinal) ? "whole" : "seconds")),
        Cpu = (Read(sender, "cpu") + Read(receiver, "cpu")) * Gibibyte / bytes,
        Memory = Math.Max(Read(sender, "memory"), Read(receiver, "memory")) / Mebibyte,
    };

    /// <summary>Mbit/s.</summary>
    public static double Rate(long bytes, double seconds) => bytes * 8 / seconds / 1e6;

    // What another implementation's line does not tell is not known.
    private static double Read(string line, string name)
    {
        var start = line.IndexOf($" {name}=", StringComparison.Ordinal);
        if (start < 0) return double.NaN;
        start += name.Length + 2;
        var end = line.IndexOf(' ', start);
        return double.Parse(end < 0 ? line[start..] : line[start..end], CultureInfo.InvariantCulture);
    }
}
