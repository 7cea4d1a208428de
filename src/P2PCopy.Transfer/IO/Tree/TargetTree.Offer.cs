using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>What the user is told before the answer: what comes, and what of it is here already.</content>
internal sealed partial class TargetTree
{
    /// <summary>More entries than this are not looked for on the disk before the question: nobody waits for that.</summary>
    private const int MostLooked = 100_000;

    /// <inheritdoc/>
    public TreeOffer Describe(TreeSummary summary)
    {
        var here = LookAround();
        return _offer.ToOffer(summary) with
        {
            Folder = _folders.Root.Path,
            Existing = _options.Existing,
            ExistingFiles = here.Existing,
            BytesHere = (long)Int128.Min(here.Bytes, long.MaxValue),
            FreeBytes = FreeBytes,
            MayFit = FreeBytes is not { } free || Fits(Int128.Max(0, _denseBytes - here.Bytes), free),
        };
    }

    /// <summary>Files of the manifest that stand here already, and bytes that need not be sent because of them or of unfinished parts.</summary>
    private (int Existing, Int128 Bytes) LookAround()
    {
        var (existing, bytes) = (0, (Int128)0);
        var cursor = new ManifestCursor(_rules);
        var goneBelow = int.MaxValue;
        for (var index = 0; index < Math.Min(_manifest.Count, MostLooked); index++)
        {
            var entry = _manifest.Read(index, out _);
            var path = cursor.Next(entry, out var rule);
            if (entry.Depth > goneBelow) continue;
            goneBelow = int.MaxValue;
            if (rule is not null || entry.Kind is not (EntryKind.File or EntryKind.Folder or EntryKind.Stream)) continue;
            try
            {
                var folder = _folders.Take(path.Parent);
                var standing = folder.Look(path.Leaf.Value);
                // Nothing can stand in a folder that is not there.
                if (entry.Kind == EntryKind.Folder && standing is null) goneBelow = entry.Depth;
                if (entry.Kind != EntryKind.Folder && standing is not null) existing++;
                if (entry.Kind == EntryKind.File && !entry.Sparse)
                {
                    var same = standing is { Kind: StandingKind.File } whole && whole.Size == entry.Size && whole.Modified == entry.ModifiedNanoseconds;
                    bytes += Math.Min(entry.Size, same ? entry.Size : folder.Look(NumberedName.Part(path.Leaf.Value, 1))?.Allocated ?? 0);
                }

                _folders.Return(path.Parent);
            }
            catch (Exception error) when (DiskEndings.IsDiskError(error))
            {
                // Its folder cannot be looked into; that is told when it is to be written.
            }
        }

        return (existing, bytes);
    }
}
