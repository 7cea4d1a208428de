using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// One file or stream written to a stream, such as standard output, as it comes: no file, nothing kept, and a reader that is slow makes
/// the sender slow. Several files would run into each other and are refused.
/// </summary>
internal sealed class StreamTarget(Stream content, long? maxSize, Action<ArrivedFile>? arrived) : IReceivingTarget
{
    private static readonly byte[] Zeros = new byte[64 << 10];

    private readonly OfferDraft _offer = new(SafeName.MaxBytes);
    private TreeEntry? _entry;
    private bool _hasFailed;

    public bool IsBlank => true;

    public IReadOnlyList<string> Texts => [];

    public TargetNote[] TakeNotes() => [];

    public Ending? Add(TreeEntry entry)
    {
        if (_entry is not null || !entry.HasContent)
        {
            return new Ending(
                OutcomeKind.Refused, "The peer offers more than one file.", "On standard output they would run into each other.", "Receive them into a folder.");
        }

        if (maxSize is { } most && entry.Size > most) return RefusalEndings.TooLarge(entry.Size, most);
        if (!TreePath.TryCreateBelow(null, entry.Name, isFolder: false, new NameRules(AllowSensitive: true), out var path, out var refusal)) return new Ending(OutcomeKind.Refused, refusal.Sentence);
        _offer.Add(path, entry, null);
        _entry = entry;
        return null;
    }

    public TreeOffer Describe(TreeSummary summary) => _offer.ToOffer(summary);

    public Ending? Prepare() => null;

    public EntryPlan Begin(int index) => new(_entry!, PlanKind.Fresh);

    public BlockRun HashBlocks(int index, long firstBlock, Span<byte> hashes) => new(firstBlock, 0);

    public TargetFault? Write(int index, long offset, ReadOnlySpan<byte> bytes)
    {
        if (_hasFailed) return null;
        try
        {
            content.Write(bytes);
            return null;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            _hasFailed = true;
            return new TargetFault(
                new Ending(OutcomeKind.LocalDisk, "Standard output takes no more.", "The program that reads it has ended, or its disk is full.", "Look at that program and start both sides again."),
                EndsSession: true);
        }
    }

    public TargetFault? Keep(int index, long offset, long length) =>
        new(new Ending(OutcomeKind.PeerMisbehaved, "The peer does not keep to the protocol.", "It says that bytes are here which never were."), EndsSession: true);

    public TargetFault? Hole(int index, long offset, long length)
    {
        for (; length > 0; length -= Math.Min(length, Zeros.Length))
        {
            if (Write(index, offset, Zeros.AsSpan(0, (int)Math.Min(length, Zeros.Length))) is { } fault) return fault;
        }

        return null;
    }

    public TargetFault? End(int index, EntryStatus status, long size, ReadOnlySpan<byte> digest)
    {
        if (_hasFailed || status != EntryStatus.Whole)
        {
            return new TargetFault(new Ending(OutcomeKind.BrokenOff, "The peer could not send all of it.", "What came stands on standard output, without its end."), EndsSession: false);
        }

        arrived?.Invoke(new ArrivedFile(_entry!.Name, size, digest.IsEmpty ? null : Convert.ToHexStringLower(digest)));
        return null;
    }

    public Ending? Finish()
    {
        try
        {
            content.Flush();
            return null;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return DiskEndings.From(error, "standard output");
        }
    }

    public void Dispose()
    {
        // The stream is the caller's.
    }
}
