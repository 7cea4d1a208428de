using P2PCopy.EndToEnd.Copy;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>What is not copied is told to both users, the same entries with the same reasons.</summary>
public sealed class NotCopiedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _source;
    private readonly string _target;

    public NotCopiedTests()
    {
        _source = Directory.CreateDirectory(_folder["source"]).FullName;
        _target = Directory.CreateDirectory(_folder["target"]).FullName;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rules_and_failures_of_either_side_are_told_to_both()
    {
        Put("d/.git/config", "x");
        Put("d/exists", "mine");
        Put("d/changes", "before");
        Put("d/fine", "fine");
        Put("d/small", "small");
        File.CreateSymbolicLink(Path.Combine(_source, "d/link"), "fine");
        Directory.CreateDirectory(Path.Combine(_target, "d"));
        File.WriteAllText(Path.Combine(_target, "d/exists"), "other");
        using var source = TreeRun.Open(Path.Combine(_source, "d"));
        File.AppendAllText(Path.Combine(_source, "d/changes"), "!");

        var (sent, received) = await TreeRun.CopyAsync(source, new ReceiveOptions { Folder = _target, Existing = ExistingFile.Skip });

        Assert.Equal(
            [("d/.git", EntryReason.Obeyed), ("d/.git/config", EntryReason.Obeyed), ("d/changes", EntryReason.SourceChanged), ("d/exists", EntryReason.Exists), ("d/link", EntryReason.Link)],
            Told(received, _target));
        Assert.Equal(Told(received, _target), Told(sent, _source));
        Assert.Equal((4, 1), (received.LeftOut, received.Failed));
        Assert.Equal((4, 1), (sent.LeftOut, sent.Failed));
        Assert.Equal(["exists", "fine", "small"], Directory.GetFiles(Path.Combine(_target, "d")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Where_all_is_wanted_unasked_the_same_is_kept_out_and_told()
    {
        Put("d/.git/config", "x");
        Put("d/.git/large", new string('x', 20 << 20));
        Put("d/fine", "fine");
        Put("d/large", new string('y', 20 << 20));
        using (var holes = File.Create(Path.Combine(_source, "d/.git/holes"))) holes.SetLength(3 << 20);
        File.CreateSymbolicLink(Path.Combine(_source, "d/link"), "fine");
        var outcomes = new List<(CopyOutcome Sent, CopyOutcome Received, string Folder)>();
        foreach (var isUnattended in new[] { false, true })
        {
            using var source = TreeRun.Open(Path.Combine(_source, "d"));
            var folder = Directory.CreateDirectory(_folder[$"unattended {isUnattended}"]).FullName;
            var (sent, received) = await TreeRun.CopyAsync(source, new ReceiveOptions { Folder = folder, IsUnattended = isUnattended });
            outcomes.Add((sent, received, folder));
        }

        var (asked, unasked) = (outcomes[0], outcomes[1]);
        Assert.Equal(Told(asked.Received, asked.Folder), Told(unasked.Received, unasked.Folder));
        Assert.Equal(Told(asked.Sent, _source), Told(unasked.Sent, _source));
        Assert.Equal(TreeRun.Describe(asked.Folder), TreeRun.Describe(unasked.Folder));
        foreach (var (one, other) in new[] { (asked.Sent, unasked.Sent), (asked.Received, unasked.Received) })
        {
            Assert.Equal(asked.Sent.Bytes, other.Bytes);
            Assert.Equal((one.Kind, one.Files, one.LeftOut, one.Failed, one.Note), (other.Kind, other.Files, other.LeftOut, other.Failed, other.Note));
            Assert.Equal(OutcomeKind.Done, other.Kind);
        }

        // What is kept out is dropped when it begins: no more of it comes than was under way.
        Assert.InRange(unasked.Sent.Travelled, asked.Sent.Travelled + 1, asked.Sent.Travelled + (10 << 20));
    }

    [Fact]
    public async Task A_single_file_that_is_kept_out_ends_with_its_reason_on_both_sides()
    {
        Put("a", "one");
        File.WriteAllText(Path.Combine(_target, "a"), "another");
        using var source = TreeRun.Open(Path.Combine(_source, "a"));

        var (sent, received) = await TreeRun.CopyAsync(source, new ReceiveOptions { Folder = _target, Existing = ExistingFile.Skip });

        Assert.Equal((OutcomeKind.Refused, OutcomeKind.Refused), (sent.Kind, received.Kind));
        Assert.Contains("something of its name exists at your peer", sent.Sentence, StringComparison.Ordinal);
        Assert.Contains("exists already and was skipped", received.Sentence, StringComparison.Ordinal);
        Assert.Equal(EntryReason.Exists, Assert.Single(sent.Notes).Reason);
        Assert.Equal("another", File.ReadAllText(Path.Combine(_target, "a")));
    }

    [Fact]
    public async Task A_link_that_finds_its_place_taken_is_told_and_ends_nothing()
    {
        Put("d/a", "one");
        File.CreateSymbolicLink(Path.Combine(_source, "d/link"), "a");
        Put("../target/d/link", "in the way");
        using var source = TreeRun.Open(Path.Combine(_source, "d"));

        var (sent, received) = await TreeRun.CopyAsync(source, new ReceiveOptions { Folder = _target, AllowLinks = true, Existing = ExistingFile.Skip });

        Assert.Equal((OutcomeKind.Done, OutcomeKind.Done), (sent.Kind, received.Kind));
        Assert.Equal([("d/link", EntryReason.Exists)], Told(received, _target));
        Assert.Equal([("d/link", EntryReason.Exists)], Told(sent, _source));
        Assert.Equal("one", File.ReadAllText(Path.Combine(_target, "d/a")));
    }

    [Fact]
    public async Task Of_a_thousand_the_first_are_told_and_all_are_counted()
    {
        for (var i = 0; i < 1000; i++)
        {
            Put($"d/{i:000}", "x");
            Put($"../target/d/{i:000}", "other");
        }

        using var source = TreeRun.Open(Path.Combine(_source, "d"));
        var (sent, received) = await TreeRun.CopyAsync(source, new ReceiveOptions { Folder = _target, Existing = ExistingFile.Skip });

        Assert.Equal((1000, 1000), (sent.LeftOut, received.LeftOut));
        Assert.Equal(Enumerable.Range(0, EntryNote.Most).Select(static i => ($"d/{i:000}", EntryReason.Exists)), Told(sent, _source));
        Assert.Equal(Told(sent, _source), Told(received, _target));
    }

    [Fact]
    public async Task The_same_tree_is_offered_in_the_same_order_whatever_the_order_of_the_disk()
    {
        var names = Enumerable.Range(0, 500).Select(static i => $"{i * 7919 % 500:000}").ToArray();
        foreach (var name in names) Put($"d/{name}", "x");
        using var source = TreeRun.Open(Path.Combine(_source, "d"));
        var arrived = new List<string>();

        await TreeRun.CopyAsync(source, new ReceiveOptions { Folder = _target }, arrived: file => arrived.Add(Path.GetFileName(file.Path)));

        Assert.Equal(names.Order(StringComparer.Ordinal), arrived);
    }

    private static (string Path, EntryReason Reason)[] Told(CopyOutcome outcome, string folder) =>
        [.. outcome.Notes.Select(note => (Path.GetRelativePath(folder, note.Path), note.Reason))];

    private void Put(string name, string content)
    {
        var path = Path.Combine(_source, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
