using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// What unfinished files of earlier copies take. Where nobody looks they count as if they were coming still: else a peer could begin
/// and break copy after copy, each within its bounds, until the disk is full.
/// </summary>
internal static class LeftOverParts
{
    /// <summary>More entries than this are not looked at: a folder that holds so much is no target that fills up unseen.</summary>
    private const int MostLooked = 100_000;

    /// <summary>Bytes of all unfinished files in a folder and below it. Links are not followed.</summary>
    public static long BytesBelow(FolderHandle folder)
    {
        var looked = 0;
        return BytesBelow(folder, TreeLimits.Depth, ref looked);
    }

    private static long BytesBelow(FolderHandle folder, int depth, ref int looked)
    {
        long bytes = 0;
        try
        {
            foreach (var name in folder.Names())
            {
                if (name is null) continue;
                if (++looked > MostLooked) break;
                if (folder.Look(name) is not { } facts) continue;
                if (facts.Kind == StandingKind.File && name.EndsWith(SafeName.PartSuffix, StringComparison.Ordinal)) bytes += facts.Allocated;
                if (facts.Kind != StandingKind.Folder || depth == 0) continue;
                using var below = folder.OpenFolder(name);
                bytes += BytesBelow(below, depth - 1, ref looked);
            }
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // What cannot be looked into was not left there by this user's copies.
        }

        return bytes;
    }
}
