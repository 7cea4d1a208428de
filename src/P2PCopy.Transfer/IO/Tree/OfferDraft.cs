using System.Text;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>Counts what a user wants to know of a manifest while it comes, in a fixed amount of memory.</summary>
/// <param name="longestName">Most bytes of a name where it goes.</param>
internal sealed class OfferDraft(int longestName)
{
    private readonly List<string> _names = [];
    private int _folders;
    private int _links;
    private int _hidden;
    private string? _firstHidden;
    private int _programs;
    private int _leftOut;
    private int _tooLong;
    private string? _firstTooLong;
    private string? _program;
    private string? _firstLeftOut;
    private string? _largest;
    private long _largestBytes = -1;
    private bool _hasStream;
    private bool _hasText;

    public void Add(TreePath path, TreeEntry entry, TreePathRefusal? rule)
    {
        if (entry.Depth == 0 && _names.Count < TreeLimits.TopNames) _names.Add(path.Leaf.Value + (entry.Kind == EntryKind.Folder ? "/" : ""));
        if (rule is not null)
        {
            _leftOut++;
            _firstLeftOut ??= path.Value;
            return;
        }

        if (longestName < SafeName.MaxBytes && Encoding.UTF8.GetByteCount(path.Leaf.Value) > longestName)
        {
            _tooLong++;
            _firstTooLong ??= path.Value;
        }

        if (entry.Kind == EntryKind.Folder) _folders++;
        if (entry.Kind == EntryKind.Link) _links++;
        if (path.Leaf.IsHidden)
        {
            _hidden++;
            _firstHidden ??= path.Value;
        }

        _hasStream |= entry.Kind == EntryKind.Stream;
        _hasText |= entry.Kind == EntryKind.Text;
        if (entry.Kind is EntryKind.File or EntryKind.Stream && (entry.Executable || path.Leaf.IsExecutableType))
        {
            _programs++;
            _program ??= path.Value;
        }

        if (entry.Size <= _largestBytes) return;
        _largestBytes = entry.Size;
        _largest = path.Value;
    }

    public TreeOffer ToOffer(TreeSummary summary) => new()
    {
        Names = [.. _names],
        Files = summary.Files,
        Folders = _folders,
        Links = _links,
        Entries = summary.Entries,
        TotalBytes = summary.TotalBytes,
        Largest = _largest,
        LargestBytes = Math.Max(0, _largestBytes),
        HiddenEntries = _hidden,
        FirstHidden = _firstHidden,
        Programs = _programs,
        FirstProgram = _program,
        LeftOutEntries = _leftOut,
        FirstLeftOut = _firstLeftOut,
        TooLongNames = _tooLong,
        FirstTooLong = _firstTooLong,
        HasStream = _hasStream,
        IsText = _hasText && summary.Entries == 1,
    };
}
