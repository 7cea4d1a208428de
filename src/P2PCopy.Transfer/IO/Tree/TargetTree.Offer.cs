using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>What the user is told before the answer: what comes, and what of it is here already.</content>
internal sealed partial class TargetTree
{
    /// <summary>More entries than this are not looked for on the disk before the question: nobody waits for that.</summary>
    private const int MostLooked = 100_000;

    private (int Existing, Int128 Bytes, long Parts)? _described;

    /// <inheritdoc/>
    public TreeOffer Describe(TreeSummary summary)
    {
        var here = LookAround();
        _described = here;
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

    /// <summary>The first name that Windows may take for another one of the manifest; it is looked for only where one has that form.</summary>
    private TreePathRefusal? ShortNameTwin()
    {
        if (_shortNames.IsEmpty) return null;
        var cursor = new ManifestCursor(_rules);
        for (var index = 0; index < _manifest.Count; index++)
        {
            if (_shortNames.FaultOf(cursor.Next(_manifest.Read(index, out _), out _)) is { } twin) return twin;
        }

        return null;
    }

    /// <summary>
    /// Files of the manifest that stand here already, bytes that need not be sent because of them or of unfinished parts, and what those parts
    /// take.
    /// </summary>
    private (int Existing, Int128 Bytes, long Parts) LookAround()
    {
        var (existing, bytes, parts) = (0, (Int128)0, 0L);
        var cursor = new ManifestCursor(_rules);
        var goneBelow = int.MaxValue;
        for (var index = 0; index < Math.Min(_manifest.Count, MostLooked); index++)
        {
            var entry = _manifest.Read(index, out _);
            if (entry.Depth > goneBelow) continue;
            var path = cursor.Next(entry, out var rule);
            goneBelow = int.MaxValue;
            if (rule is not null || entry.Kind is not (EntryKind.File or EntryKind.Folder or EntryKind.Stream)) continue;
            try
            {
                var folder = _folders.Take(path.Parent);
                var standing = folder.Look(path.Leaf.Value);
                // Nothing can stand in a folder that is not there.
                if (entry.Kind == EntryKind.Folder && standing is null) goneBelow = entry.Depth;
                if (entry.Kind != EntryKind.Folder && standing is not null) existing++;
                if (entry.Kind == EntryKind.File)
                {
                    var same = standing is { Kind: StandingKind.File } whole && whole.Size == entry.Size && whole.Modified == entry.ModifiedNanoseconds;
                    var part = same ? 0 : folder.Look(NumberedName.Part(path.Leaf.Value, 1))?.Allocated ?? 0;
                    parts += part;
                    if (!entry.Sparse) bytes += Math.Min(entry.Size, same ? entry.Size : part);
                }

                _folders.Return(path.Parent);
            }
            catch (Exception error) when (DiskEndings.IsDiskError(error))
            {
                // Its folder cannot be looked into; that is told when it is to be written.
            }
        }

        return (existing, bytes, parts);
    }
}
