using System.Diagnostics;
using System.Security.Cryptography;
using P2PCopy.Cli.Commands.Measuring;

namespace P2PCopy.Cli.IO;

/// <summary>Finds out how fast the disk of a folder takes what a copy writes.</summary>
internal static class DiskBench
{
    private const int BlockBytes = 1 << 20;
    private const long MostBytes = 1L << 30;
    private const int LeastBlocks = 16;

    /// <summary>Of what is free no more is taken than one part in so many.</summary>
    private const int PartOfFree = 10;

    /// <summary>Writes a file that nobody else sees, and brings it to the disk; null when there is too little room.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="time">About how long to write.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IOException">The disk does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not permitted.</exception>
    public static DiskRate? Measure(string folder, TimeSpan time, CancellationToken cancellation)
    {
        var most = Math.Min(MostBytes, new DriveInfo(folder).AvailableFreeSpace / PartOfFree);
        if (most < LeastBlocks * BlockBytes) return null;

        // What does not repeat, as some disks write that faster.
        var block = RandomNumberGenerator.GetBytes(BlockBytes);
        var path = Path.Combine(folder, ".p2pcopy-bench-" + Path.GetRandomFileName());
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None);
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        var start = Stopwatch.GetTimestamp();
        long bytes = 0;
        for (; bytes + BlockBytes <= most && Stopwatch.GetElapsedTime(start) < time; bytes += BlockBytes)
        {
            cancellation.ThrowIfCancellationRequested();
            RandomAccess.Write(file, block, bytes);
        }

        RandomAccess.FlushToDisk(file);
        return new DiskRate(bytes, Stopwatch.GetElapsedTime(start));
    }
}
