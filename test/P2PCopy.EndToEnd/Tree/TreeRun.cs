using System.Security.Cryptography;
using P2PCopy.EndToEnd.Copy;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>Both sides of a copy of a tree in this process, real disks on either side.</summary>
internal static class TreeRun
{
    public static readonly Func<TreeOffer, CancellationToken, ValueTask<OfferDecision>> Yes = (_, _) => ValueTask.FromResult(OfferDecision.Accept);

    public static TreeSource Open(params string[] paths)
    {
        Assert.True(TreeSource.TryOpen(paths, withLinks: true, out var source, out var failure), failure?.Sentence);
        return source;
    }

    /// <summary>Copies over a connection in memory; both sides must end within the limit of a test.</summary>
    public static async Task<(CopyOutcome Sent, CopyOutcome Received)> CopyAsync(
        TreeSource source,
        ReceiveOptions options,
        Func<TreeOffer, CancellationToken, ValueTask<OfferDecision>>? decide = null,
        long breakAfter = long.MaxValue,
        Stream? content = null,
        SendOptions? sendOptions = null,
        Action<ArrivedFile>? arrived = null)
    {
        var (a, b) = DuplexStream.Pair();
        b.BreaksAfter = breakAfter;
        var sending = new TreeRunner(a.Connection).SendAsync(source, sendOptions ?? new SendOptions(), CancellationToken.None);
        var runner = new TreeRunner(b.Connection, arrived: arrived);
        var receiving = content is null
            ? runner.ReceiveAsync(options, decide ?? Yes, CancellationToken.None)
            : runner.ReceiveToStreamAsync(content, options, decide ?? Yes, CancellationToken.None);
        await CopyPair.EndAsync(sending, receiving);
        return (await sending, await receiving);
    }

    /// <summary>A line for each entry below a folder: what it is, its content, time and permission to run.</summary>
    public static string[] Describe(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => $"{Path.GetRelativePath(folder, path)} {DescribeOne(path)}").Order(StringComparer.Ordinal),
    ];

    private static string DescribeOne(string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is { } target) return $"-> {target}";
        if (Directory.Exists(path)) return $"folder {Directory.GetLastWriteTimeUtc(path):O}";
        var executable = !OperatingSystem.IsWindows() && info.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
        using var stream = info.OpenRead();
        return $"{info.Length} {info.LastWriteTimeUtc:O} {executable} {Convert.ToHexString(SHA256.HashData(stream))}";
    }
}
