using P2PCopy.Transfer.Tree;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>Where the copy of a tree is, in the words of both users.</summary>
internal static class TreePosition
{
    /// <summary>Bytes that are behind the copy.</summary>
    public static long BytesOf(ITreeSession session) => session.SettledBytes + session.SkippedBytes;

    /// <summary>Where the copy is; the times are filled in by who reports it.</summary>
    /// <param name="session">The copy.</param>
    /// <param name="files">How many files it has.</param>
    /// <param name="total">Bytes of all that is offered.</param>
    /// <param name="isOpenEnded">Whether more may come.</param>
    /// <param name="final">Whether this is the last report.</param>
    public static CopyProgress Of(ITreeSession session, int files, long total, bool isOpenEnded, bool final)
    {
        var (bytes, running) = (BytesOf(session), session.Running);
        return new CopyProgress(bytes, Math.Max(total, bytes), default, default, final)
        {
            Travelled = session.TravelledBytes,
            Skipped = session.SkippedBytes,
            Files = files,
            EndedFiles = session.EndedEntries,
            Running = running?.Name,
            RunningBytes = running?.Bytes ?? 0,
            RunningSize = running?.Size ?? 0,
            IsOpenEnded = isOpenEnded,
        };
    }
}
