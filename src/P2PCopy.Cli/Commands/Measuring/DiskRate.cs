namespace P2PCopy.Cli.Commands.Measuring;

/// <summary>What a disk wrote, and in which time it had it.</summary>
internal readonly record struct DiskRate(long Bytes, TimeSpan Time)
{
    public double BytesPerSecond => Time > TimeSpan.Zero ? Bytes / Time.TotalSeconds : 0;
}
