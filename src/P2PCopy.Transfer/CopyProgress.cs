namespace P2PCopy.Transfer;

/// <summary>How far a copy is.</summary>
/// <param name="Bytes">Bytes that the peer confirmed (sender) or that were written (receiver).</param>
/// <param name="Total">Size of everything in bytes; of a stream nobody knows it, and it counts as far as it has come.</param>
/// <param name="Elapsed">Time since the copy began; at the receiver since the offer was accepted.</param>
/// <param name="Silence">Time since the last sign of progress.</param>
/// <param name="Final">Whether this is the last report of the copy.</param>
public readonly record struct CopyProgress(long Bytes, long Total, TimeSpan Elapsed, TimeSpan Silence, bool Final)
{
    private readonly long? _travelled;

    /// <summary>Bytes of content that travelled: less than <see cref="Bytes"/> where blocks were there already or are holes.</summary>
    public long Travelled
    {
        get => _travelled ?? Bytes;
        init => _travelled = value;
    }

    /// <summary>Bytes of whole files that need not be copied, as they are here already or are not wanted; part of <see cref="Bytes"/>.</summary>
    public long Skipped { get; init; }

    /// <summary>Files of the copy; 0 where it is one file and no more is told.</summary>
    public int Files { get; init; }

    /// <summary>Files that came to their end.</summary>
    public int EndedFiles { get; init; }

    /// <summary>The name of the file that is under way, or null. At the receiver a stranger's text.</summary>
    public string? Running { get; init; }

    /// <summary>How far that file is, in bytes.</summary>
    public long RunningBytes { get; init; }

    /// <summary>The size of that file in bytes; 0 for a stream.</summary>
    public long RunningSize { get; init; }

    /// <summary>Whether something comes whose size is known only at its end.</summary>
    public bool IsOpenEnded { get; init; }
}
