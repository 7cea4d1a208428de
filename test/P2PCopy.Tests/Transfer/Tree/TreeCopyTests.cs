using CsCheck;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>Both sessions together, over a pipe in memory and with trees in memory.</summary>
public sealed class TreeCopyTests
{
    [Fact]
    public void A_tree_arrives_whole_however_the_two_sides_take_turns()
    {
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var source = new ModelSource(RandomTrees.Build(random, random.Next(1, 20)));
                var target = new ModelTarget();
                var options = random.Next(2) == 0 ? new TreeReceiveOptions() : new TreeReceiveOptions { WindowBytes = TreeLimits.BlockBytes, WindowEntries = 1 };
                var pair = new TreePair(source, source.Digest, target, random, options) { LongestPortion = random.Next(2) == 0 ? 1 << 20 : 5000 };
                pair.Run();

                AssertDone(pair, source, target);
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void A_receiver_that_wants_all_is_sent_all_and_keeps_out_what_it_cannot_take()
    {
        var early = 0;
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var files = RandomTrees.Build(random, random.Next(1, 16), withFates: random.Next(2) == 0);
                var source = new ModelSource(files);
                var target = new ModelTarget();
                var paths = Paths(files);
                var contents = files.Where(file => file.Entry.HasContent).ToArray();

                // Meanwhile somebody else has put things there.
                foreach (var file in contents.Where(_ => random.Next(5) == 0)) target.Final[paths[file.Entry.Index]] = [7];
                foreach (var file in contents.Where(_ => random.Next(5) == 0)) target.Parts[paths[file.Entry.Index]] = RandomTrees.Older(random, file.Content);
                foreach (var file in contents.Where(file => file.Content.Length > 0 && random.Next(5) == 0)) target.Broken.Add(paths[file.Entry.Index]);
                var kept = target.Final.Keys.ToHashSet();
                var pair = new TreePair(source, source.Digest, target, random, new TreeReceiveOptions { Features = TreeFeatures.WantsAll }) { LongestPortion = random.Next(2) == 0 ? 1 << 20 : 5000 };
                pair.Look = () => early += pair.Sender is { ChunkBytes: > 0, IsAccepted: false } ? 1 : 0;
                pair.Run();

                Assert.True(target.IsFinished);
                var failed = 0;
                foreach (var file in contents)
                {
                    var path = paths[file.Entry.Index];
                    if (kept.Contains(path)) Assert.Equal([7], target.Final[path]);
                    else if (file.Fate == EntryStatus.Whole && !target.Broken.Contains(path)) Assert.Equal(file.Content, target.Final[path]);
                    else
                    {
                        failed++;
                        Assert.DoesNotContain(path, target.Final.Keys);
                    }
                }

                Assert.Equal(contents.Length - contents.Count(file => kept.Contains(paths[file.Entry.Index])), pair.Receiver.EndedEntries);
                Assert.Equal(pair.Receiver.EndedEntries, pair.Sender.EndedEntries);
                Assert.Equal(pair.Receiver.SettledBytes + pair.Receiver.SkippedBytes, pair.Sender.SettledBytes + pair.Sender.SkippedBytes);
                Assert.Equal(failed, pair.Receiver.FailedEntries);
                if (failed == 0) Assert.Equal(TreeEndings.Done, pair.Receiver.Ending);
                Assert.Equal(0, target.Hashed);
            },
            iter: 100, threads: 1);
        Assert.True(early > 0, "nothing ever came before the acceptance");
    }

    [Fact]
    public void Of_the_running_file_the_sender_shows_no_more_than_the_receiver_has()
    {
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var files = RandomTrees.Build(random, random.Next(1, 8)).Select(file => file with { Holes = [], Entry = file.Entry with { Sparse = false } });
                var source = new ModelSource([.. files]);
                var target = new ModelTarget();
                var pair = new TreePair(source, source.Digest, target, random);
                var looks = 0;
                pair.Look = () =>
                {
                    if (pair.Sender.Running is not { } sent || pair.Receiver.Running is not { } received || sent.Index != received.Index) return;
                    looks++;
                    Assert.InRange(sent.Bytes, 0, received.Bytes);
                };
                pair.Run();

                AssertDone(pair, source, target);
                Assert.True(looks > 0 || source.Summary.TotalBytes == 0);
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public void A_copy_that_is_killed_anywhere_goes_on_with_whatever_was_written()
    {
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var source = new ModelSource(RandomTrees.Build(random, random.Next(1, 12)));
                var target = new ModelTarget();
                for (var kills = random.Next(1, 5); kills > 0; kills--)
                {
                    var broken = new TreePair(source, source.Digest, target, random);
                    broken.Run(killAfter: random.NextInt64(source.Summary.TotalBytes + 2000));
                    if (broken.Receiver.Ending is not null) return;
                    target.Crash(random);
                }

                var pair = new TreePair(source, source.Digest, target, random);
                pair.Run();

                AssertDone(pair, source, target);
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void Of_an_older_version_only_the_blocks_that_differ_travel()
    {
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var files = RandomTrees.Build(random, random.Next(1, 12));
                var source = new ModelSource(files);
                var target = new ModelTarget();
                long differing = 0;
                var paths = Paths(files);
                foreach (var file in files.Where(file => file.Entry.HasContent))
                {
                    var older = RandomTrees.Older(random, file.Content);
                    target.Parts[paths[file.Entry.Index]] = older;
                    differing += file.Entry.Kind == EntryKind.Stream ? file.Content.Length : Differing(file, older);
                }

                var pair = new TreePair(source, source.Digest, target, random);
                pair.Run();

                AssertDone(pair, source, target);
                Assert.True(target.Written <= differing, $"{target.Written} bytes travelled where {differing} differ");
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void What_fails_on_either_side_fails_alone()
    {
        Gen.Int.Sample(
            seed =>
            {
                var random = new Random(seed);
                var files = RandomTrees.Build(random, random.Next(1, 16), withFates: true);
                var source = new ModelSource(files);
                var target = new ModelTarget();
                var paths = Paths(files);
                foreach (var file in files.Where(file => file.Entry.HasContent && file.Content.Length > 0 && random.Next(4) == 0)) target.Broken.Add(paths[file.Entry.Index]);
                var pair = new TreePair(source, source.Digest, target, random);
                pair.Run();

                Assert.True(target.IsFinished);
                foreach (var file in files.Where(file => file.Entry.HasContent))
                {
                    var path = paths[file.Entry.Index];
                    var fine = file.Fate == EntryStatus.Whole && !target.Broken.Contains(path);
                    if (fine) Assert.Equal(file.Content, target.Final[path]);
                    else Assert.DoesNotContain(path, target.Final.Keys);
                }

                var failed = files.Count(file => file.Entry.HasContent && !target.Final.ContainsKey(paths[file.Entry.Index]));
                Assert.Equal(failed == 0, pair.Sender.Ending == TreeEndings.Done);
            },
            iter: 60, threads: 1);
    }

    private static void AssertDone(TreePair pair, ModelSource source, ModelTarget target)
    {
        Assert.Equal(TreeEndings.Done, pair.Receiver.Ending);
        Assert.Equal(TreeEndings.Done, pair.Sender.Ending);
        Assert.True(target.IsFinished);
        Assert.Equal(pair.Receiver.SettledBytes, pair.Sender.SettledBytes);
        var paths = Paths(source.Files);
        foreach (var file in source.Files)
        {
            if (file.Entry.HasContent) Assert.Equal(file.Content, target.Final[paths[file.Entry.Index]]);
            if (file.Entry.Kind == EntryKind.Folder) Assert.Contains(paths[file.Entry.Index], target.Folders);
        }

        Assert.Equal(source.Summary.Files, target.Final.Count);
    }

    private static long Differing(ModelFile file, byte[] older)
    {
        long sum = 0;
        for (long block = 0; TreeLimits.BlockLength(file.Content.Length, block) is > 0 and var length; block++)
        {
            var at = (int)block * TreeLimits.BlockBytes;
            if (at + length > older.Length || !file.Content.AsSpan(at, length).SequenceEqual(older.AsSpan(at, length))) sum += length;
        }

        return sum;
    }

    private static string[] Paths(IReadOnlyList<ModelFile> files)
    {
        var stack = new List<string>();
        return [.. files.Select(file =>
        {
            stack.RemoveRange(file.Entry.Depth, stack.Count - file.Entry.Depth);
            var path = string.Join('/', [.. stack, file.Entry.Name]);
            if (file.Entry.Kind == EntryKind.Folder) stack.Add(file.Entry.Name);
            return path;
        })];
    }
}
