using CsCheck;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Tests.Transfer.Tree.Names;

public sealed class ManifestIndexTests
{
    [Theory]
    [InlineData("a.txt", "A.TXT")]
    [InlineData("caf\u00E9", "cafe\u0301")]
    [InlineData("d/ d/a d/A")]
    [InlineData("d/ D/")]
    [InlineData("d/ D/a")]
    [InlineData("stra\u00DFe/ STRASSE/a")]
    public void Two_names_that_are_one_somewhere_are_refused(params string[] entries) => Refused(TreePathFault.Twin, entries);

    [Theory]
    [InlineData("a a")]
    [InlineData("d/ d/a d/a")]
    [InlineData("d/ d/")]
    [InlineData("d d/")]
    public void A_name_is_taken_once(string entries) => Refused(TreePathFault.Repeated, entries);

    [Fact]
    public void What_is_a_file_is_no_folder() => Refused(TreePathFault.InsideFile, "a a/b");

    [Theory]
    [InlineData("d/a")]
    [InlineData("d/ d/e/f")]
    public void A_folder_is_named_before_what_it_holds(string entries) => Refused(TreePathFault.NoFolder, entries);

    [Fact]
    public void A_manifest_has_no_more_entries_than_it_may()
    {
        var index = new ManifestIndex(3, 5, 7);
        foreach (var name in "abc") Assert.Null(index.Add(Read(name.ToString()), isFolder: false));
        Assert.Equal(TreePathFault.TooMany, index.Add(Read("d"), isFolder: false)!.Fault);
    }

    [Fact]
    public void An_honest_manifest_of_a_million_entries_is_taken_in_little_memory()
    {
        var index = new ManifestIndex(1_000_000, 0x1234, 0x9876543210);
        for (var folder = 0; folder < 1000; folder++)
        {
            Assert.Null(index.Add(Read($"f{folder}"), isFolder: true));
            for (var file = 0; file < 999; file++) Assert.Null(index.Add(Read($"f{folder}/x{file}.dat"), isFolder: false));
        }

        Assert.Equal(1_000_000, index.Count);
        Assert.InRange(index.HeldBytes, 12_000_000, 26_000_000);
    }

    [Fact]
    public void Any_manifest_is_judged_as_by_sets_of_strings()
    {
        var name = Gen.OneOf("a", "A", "b", "\u00E9", "e\u0301", "\u00C9", "c");
        var entry = Gen.Select(name.Array[1, 3], Gen.Bool, static (names, isFolder) => (Path: Make(names), IsFolder: isFolder));
        Gen.Select(entry.Array[1, 30], Gen.ULong, Gen.ULong).Sample(static (entries, key, salt) =>
        {
            var index = new ManifestIndex(1000, key, salt);
            var exact = new Dictionary<string, bool>();
            var folded = new HashSet<string>();
            foreach (var (path, isFolder) in entries)
            {
                var parent = path.Parent?.Value;
                var fits = (parent is null || (exact.TryGetValue(parent, out var folder) && folder)) && !folded.Contains(Fold(path));
                Assert.Equal(fits, index.Add(path, isFolder) is null);
                if (!fits) continue;
                exact.Add(path.Value, isFolder);
                folded.Add(Fold(path));
            }
        });
    }

    private static string Fold(TreePath path) => string.Join('/', path.Names.Select(static name => NameFolding.Fold(name.Value)));

    private static void Refused(TreePathFault fault, params string[] entries)
    {
        var index = new ManifestIndex(1000, 0x5555, 0x1234567);
        var words = entries.SelectMany(static entry => entry.Split(' ')).ToArray();
        for (var place = 0; place < words.Length; place++)
        {
            var isFolder = words[place].EndsWith('/');
            var refusal = index.Add(Read(words[place].TrimEnd('/')), isFolder);
            if (place < words.Length - 1) Assert.Null(refusal);
            else Assert.Equal(fault, refusal?.Fault);
        }
    }

    private static TreePath Read(string path) => Make(path.Split('/'));

    private static TreePath Make(string[] names) =>
        TreePath.TryCreate(names, isFolder: false, new NameRules(AllowSensitive: true), out var path, out var refusal)
            ? path
            : throw new InvalidOperationException(refusal.Sentence);
}
