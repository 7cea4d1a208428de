using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree.Receiving;

/// <summary>How a receiving session behaves.</summary>
internal sealed record TreeReceiveOptions
{
    /// <summary>Bytes of chunks that may be under way to the disk: what a gigabit carries in half a second.</summary>
    public int WindowBytes { get; init; } = 64 << 20;

    /// <summary>Entries that may have ended without being reported: ten thousand small files a second over a long way.</summary>
    public int WindowEntries { get; init; } = 16 << 10;

    /// <summary>The most that a stream may bring in bytes: it has no size of its own.</summary>
    public long StreamLimit { get; init; } = long.MaxValue;

    public TreeFeatures Features { get; init; } = TreeFeatures.None;
}
