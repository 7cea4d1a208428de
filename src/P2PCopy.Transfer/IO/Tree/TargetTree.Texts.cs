using System.Text;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>Texts, which are kept in memory to be shown and never reach the disk.</content>
internal sealed partial class TargetTree
{
    private const int MostTexts = 16;

    private readonly Dictionary<int, byte[]> _openTexts = [];
    private readonly List<string> _texts = [];
    private int _offeredTexts;

    /// <inheritdoc/>
    public IReadOnlyList<string> Texts => _texts;

    private bool MayAddText(TreeEntry entry) => entry.Size <= TreeLimits.TextBytes && ++_offeredTexts <= MostTexts;

    private EntryPlan BeginText(TreeEntry entry)
    {
        _openTexts[entry.Index] = new byte[entry.Size];
        return new EntryPlan(entry, PlanKind.Fresh);
    }

    private bool TryWriteText(int index, long offset, ReadOnlySpan<byte> bytes)
    {
        if (!_openTexts.TryGetValue(index, out var text) || offset < 0 || offset > text.Length - bytes.Length) return false;
        bytes.CopyTo(text.AsSpan((int)offset));
        return true;
    }

    private bool TryEndText(int index, EntryStatus status)
    {
        if (!_openTexts.Remove(index, out var text)) return false;
        if (status == EntryStatus.Whole) _texts.Add(Encoding.UTF8.GetString(text));
        return true;
    }
}
