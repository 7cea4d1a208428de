using CsCheck;
using P2PCopy.EndToEnd.Copy;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>Whatever is offered and whatever is planted meanwhile, nothing outside the target changes.</summary>
public sealed class HostileTreeTests
{
    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.OneOf("a", "b", "c", "d"),
        Gen.OneOf("..", ".", "", "../a", "/etc", "a/../../x", "..\\x", "C:", "nul", "a\0", "A", "b.p2p-part", "a.p2p-map", ".ssh", "\u202Ea", "~", "link"));

    private static readonly Gen<(int Depth, EntryKind Kind, string Name, string Target)> Entry = Gen.Select(
        Gen.Int[-1, 4], Gen.OneOf(EntryKind.Folder, EntryKind.File, EntryKind.Link), Name,
        Gen.OneOf("a", "../a", "../../outside/victim", "/etc/passwd", "b/../../..", ".."));

    [Fact]
    public void No_sequence_of_entries_changes_anything_outside() =>
        Gen.Select(Entry.Array[0, 12], Gen.OneOf(ExistingFile.KeepBoth, ExistingFile.Overwrite, ExistingFile.Skip), Gen.Bool).Sample(
            static (entries, existing, links) =>
            {
                using var place = new TemporaryFolder();
                Arrange(place);
                Directory.CreateSymbolicLink(place["target/link"], place["outside"]);
                File.CreateSymbolicLink(place["target/d"], place["outside/victim"]);
                Assert.True(TargetTree.TryOpen(place["target"], new TargetTreeOptions { Existing = existing, AllowLinks = links }, out var tree, out _));
                // Entries that are refused are left out here, as no session would, so that the others get their chance.
                using (tree) Offer(tree, entries, static _ => { });
                AssertUntouched(place);
            }, iter: 300, threads: 1);

    [Fact]
    public void Links_planted_between_any_two_steps_lead_nowhere() =>
        Gen.Select(Entry.Array[4, 14], Gen.Int[0, 1000]).Sample(static (entries, seed) =>
        {
            using var place = new TemporaryFolder();
            Arrange(place);
            var random = new Random(seed);
            var options = new TargetTreeOptions { Existing = ExistingFile.Overwrite, AllowLinks = true };
            Assert.True(TargetTree.TryOpen(place["target"], options, out var tree, out _));
            using (tree) Offer(tree, entries, _ => Plant(place, random));
            AssertUntouched(place);
        }, iter: 300, threads: 1);

    [Fact]
    public async Task Links_planted_by_another_thread_all_the_time_lead_nowhere()
    {
        using var place = new TemporaryFolder();
        Arrange(place);
        using var stop = new CancellationTokenSource();
        var planter = Task.Run(() =>
        {
            var random = new Random(11);
            while (!stop.IsCancellationRequested) Plant(place, random);
        }, TestContext.Current.CancellationToken);
        var draft = new TreeDraft().Folder(0, "a").Folder(1, "b").File(2, "c", [1, 2, 3]).File(1, "d", [4]).Folder(0, "b").File(1, "a", [5]);
        for (var round = 0; round < 200; round++) _ = draft.CopyTo(place["target"], new TargetTreeOptions { Existing = ExistingFile.Overwrite });
        await stop.CancelAsync();
        await planter;

        AssertUntouched(place);
    }

    [Fact]
    public void A_short_name_beside_its_long_one_writes_nothing()
    {
        using var folder = new TemporaryFolder();

        Assert.NotEmpty(new TreeDraft().Folder(0, "top").File(1, "PROGRA~1", [1]).File(1, "Program Files", [1]).CopyTo(folder.Path));
        Assert.Empty(folder.Names);

        Assert.Empty(new TreeDraft().Folder(0, "top").File(1, "PROGRA~1", [1]).File(1, "Other", [1]).CopyTo(folder.Path));
        Assert.Equal(["top"], folder.Names);
    }

    [Fact]
    public void A_planted_part_that_is_a_second_name_of_something_else_is_not_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "hard links are told from other files on Linux");
        using var place = new TemporaryFolder();
        Arrange(place);
        Processes.RealProcess.Run("ln", [place["outside/victim"], place["target/a.p2p-part"]]);
        File.CreateSymbolicLink(place["target/b.p2p-part"], place["outside/victim"]);

        Assert.Empty(new TreeDraft().File(0, "a", [1]).File(0, "b", [2]).CopyTo(place["target"]));

        AssertUntouched(place);
        Assert.Equal([1], File.ReadAllBytes(place["target/a"]));
        Assert.Equal([2], File.ReadAllBytes(place["target/b"]));
    }

    private static void Offer(TargetTree tree, (int Depth, EntryKind Kind, string Name, string Target)[] entries, Action<int> between)
    {
        var taken = new List<TreeEntry>();
        foreach (var (depth, kind, name, target) in entries)
        {
            var entry = new TreeEntry
            {
                Index = taken.Count,
                Depth = depth,
                Kind = kind,
                Name = name,
                Size = kind == EntryKind.File ? 3 : 0,
                LinkTarget = kind == EntryKind.Link ? target : null,
            };
            if (tree.Add(entry) is null) taken.Add(entry);
        }

        foreach (var entry in taken)
        {
            between(entry.Index);
            _ = tree.Begin(entry.Index);
            between(entry.Index);
            if (entry.Kind != EntryKind.File) continue;
            _ = tree.Write(entry.Index, 0, [7, 7, 7]);
            between(entry.Index);
            _ = tree.End(entry.Index, EntryStatus.Whole, 3, []);
        }

        between(taken.Count);
        _ = tree.Finish();
    }

    private static void Arrange(TemporaryFolder place)
    {
        Directory.CreateDirectory(place["target"]);
        Directory.CreateDirectory(place["outside"]);
        File.WriteAllText(place["outside/victim"], "untouched");
        File.SetLastWriteTimeUtc(place["outside/victim"], DateTime.UnixEpoch);
        Directory.SetLastWriteTimeUtc(place["outside"], DateTime.UnixEpoch);
    }

    /// <summary>Puts a link to the outside in the place of something that the tree may use next.</summary>
    private static void Plant(TemporaryFolder place, Random random)
    {
        string[] spots = ["a", "b", "c", "d", "a/b", "b/a", "a/a", "a.p2p-part", "a/c.p2p-part", "a/b/c", "a/b/c.p2p-part"];
        var spot = place["target/" + spots[random.Next(spots.Length)]];
        // What is planted must not go through what was planted before.
        for (var above = Path.GetDirectoryName(spot)!; above != place["target"]; above = Path.GetDirectoryName(above)!)
        {
            if (new FileInfo(above).LinkTarget is not null) return;
        }

        try
        {
            if (new FileInfo(spot).LinkTarget is not null || File.Exists(spot)) File.Delete(spot);
            else if (Directory.Exists(spot)) Directory.Move(spot, place["target/moved" + random.Next()]);
            if (random.Next(2) == 0) File.CreateSymbolicLink(spot, place[random.Next(2) == 0 ? "outside" : "outside/victim"]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The other side was faster.
        }
    }

    private static void AssertUntouched(TemporaryFolder place)
    {
        Assert.Equal(["outside", "target"], place.Names);
        Assert.Equal([place["outside/victim"]], Directory.EnumerateFileSystemEntries(place["outside"]));
        Assert.Equal("untouched", File.ReadAllText(place["outside/victim"]));
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(place["outside/victim"]));
        Assert.Equal(DateTime.UnixEpoch, Directory.GetLastWriteTimeUtc(place["outside"]));
    }
}
