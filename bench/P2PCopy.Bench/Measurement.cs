using System.Globalization;

namespace P2PCopy.Bench;

/// <summary>One run: how fast the bytes went, and what both processes together paid for them.</summary>
internal readonly record struct Measurement(double MegabitsPerSecond, double CpuSecondsPerGibibyte)
{
    private const double Gibibyte = 1L << 30;

    /// <summary>From the result lines of both ends; the sender closes when all is acknowledged, so its clock counts.</summary>
    public static Measurement From(string senderLine, string receiverLine, long bytes)
    {
        var seconds = Read(senderLine, "seconds");
        var cpu = Read(senderLine, "cpu") + Read(receiverLine, "cpu");
        return new Measurement(bytes * 8 / seconds / 1e6, cpu * Gibibyte / bytes);
    }

    private static double Read(string line, string name)
    {
        var start = line.IndexOf($" {name}=", StringComparison.Ordinal) + name.Length + 2;
        var end = line.IndexOf(' ', start);
        return double.Parse(end < 0 ? line[start..] : line[start..end], CultureInfo.InvariantCulture);
    }
}
