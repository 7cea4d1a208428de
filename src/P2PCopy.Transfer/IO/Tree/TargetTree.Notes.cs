using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>What was not taken and why, for both users.</content>
internal sealed partial class TargetTree
{
    private readonly List<TargetNote> _notes = [];

    /// <inheritdoc/>
    public TargetNote[] TakeNotes()
    {
        if (_notes.Count == 0) return [];
        var notes = _notes.ToArray();
        _notes.Clear();
        return notes;
    }

    private void Note(int index, TreePath? path, Ending why, bool isLate = false) => _notes.Add(new TargetNote(index, FullPath(path), why, isLate));

    private string FullPath(TreePath? path) => path is null ? _folders.Root.Path : $"{_folders.Root.Path.TrimEnd('/')}/{path.Value}";
}
