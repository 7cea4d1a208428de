using Microsoft.Win32.SafeHandles;
using P2PCopy.EndToEnd.Copy;
using P2PCopy.Transfer.IO.Tree;
using P2PCopy.Transfer.IO.Tree.Unix;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>
/// Power cuts as a disk may answer them: what was synced is there, of what was written since each page is old, new or torn, and
/// the journal ends anywhere in what was added to it last.
/// </summary>
public sealed class PartFileCrashTests
{
    private const int Bytes = 7 << 20;
    private const int Page = 4096;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_claimed_after_a_crash_is_really_there(int seed)
    {
        using var work = new TemporaryFolder();
        var random = new Random(seed);
        var content = new byte[Bytes];
        var durable = Array.Empty<byte>();
        void Flush(SafeFileHandle file)
        {
            durable = new byte[RandomAccess.GetLength(file)];
            _ = RandomAccess.Read(file, durable, 0);
        }

        using var folder = FolderHandle.OpenRoot(work.Path);
        using var part = PartFile.TryMake(folder, "name", Flush)!;
        Write(part, content, random, 0, 5 << 20);
        var journalBefore = 0L;
        long claimed = 0;
        for (var moment = 0; moment < 50; moment++)
        {
            var stateBefore = (byte[])content.Clone();
            var syncs = random.Next(3) == 0;
            if (syncs) part.Sync();
            else Write(part, content, random, random.Next(Bytes - 300_000), random.Next(1, 300_000));
            var journal = Read(work["name.p2p-map"]);
            // A step is cut off before its record is whole, and then it has not written, or after it.
            var cut = journalBefore + random.NextInt64(journal.Length - journalBefore + 1);
            var isWhole = cut == journal.Length;
            claimed += Reopen(journal.AsSpan(0, (int)cut).ToArray(), Torn(durable, isWhole ? content : stateBefore, random), isWhole ? content : stateBefore, random);
            journalBefore = journal.Length;
        }

        // The test would say nothing if nothing were ever claimed.
        Assert.True(claimed > Bytes, $"only {claimed} bytes were claimed");
    }

    [Fact]
    public void A_journal_cut_at_any_byte_still_opens()
    {
        using var work = new TemporaryFolder();
        var content = new byte[Bytes];
        byte[] journal;
        using (var folder = FolderHandle.OpenRoot(work.Path))
        using (var part = PartFile.TryMake(folder, "name")!)
        {
            Write(part, content, new Random(5), 0, Bytes);
            part.Sync();
            journal = Read(work["name.p2p-map"]);
        }

        var random = new Random(6);
        var claims = Enumerable.Range(0, journal.Length + 1).Select(cut => Reopen(journal[..cut], content, content, random, truncate: false)).Distinct();
        Assert.Equal([0, Bytes], claims);
    }

    [Fact]
    public void Who_still_holds_a_copy_of_the_descriptor_does_not_hold_the_lock()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var work = new TemporaryFolder();
        using var folder = FolderHandle.OpenRoot(work.Path);
        var part = PartFile.TryMake(folder, "name")!;
        // As a child has it between its fork and its exec.
        using var copy = new SafeFileHandle(LinuxCalls.Duplicate((int)part.File.DangerousGetHandle()), ownsHandle: true);
        Assert.Null(PartFile.TryFind(folder, "name"));

        part.Dispose();

        using var found = PartFile.TryFind(folder, "name");
        Assert.NotNull(found);
    }

    [Fact]
    public void To_dispose_a_part_again_does_not_unlock_the_one_that_has_its_number_now()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var work = new TemporaryFolder();
        using var folder = FolderHandle.OpenRoot(work.Path);
        var first = PartFile.TryMake(folder, "first")!;
        first.Dispose();
        using var second = PartFile.TryMake(folder, "second")!;

        first.Dispose();

        Assert.Null(PartFile.TryFind(folder, "second"));
    }

    /// <summary>Opens what a crash left, as the next session does; the bytes that are claimed.</summary>
    private static long Reopen(byte[] journal, byte[] onDisk, byte[] expected, Random random, bool truncate = true)
    {
        using var work = new TemporaryFolder();
        var length = truncate && random.Next(4) == 0 ? random.Next(onDisk.Length) : onDisk.Length;
        File.WriteAllBytes(work["name.p2p-part"], onDisk[..length]);
        File.WriteAllBytes(work["name.p2p-map"], journal);
        using var folder = FolderHandle.OpenRoot(work.Path);
        using var part = PartFile.TryFind(folder, "name");
        if (part is null) return 0;
        foreach (var (start, end) in part.Safe.Ranges)
        {
            Assert.InRange(end, start, length);
            Assert.True(onDisk.AsSpan((int)start, (int)(end - start)).SequenceEqual(expected.AsSpan((int)start, (int)(end - start))), $"{start} to {end} is claimed and is not there");
        }

        return part.Safe.Count;
    }

    private static byte[] Torn(byte[] durable, byte[] written, Random random)
    {
        var disk = new byte[Math.Max(durable.Length, random.Next(2) == 0 ? written.Length : 0)];
        durable.CopyTo(disk, 0);
        for (var start = 0; start < disk.Length; start += Page)
        {
            var length = Math.Min(Page, disk.Length - start);
            if (disk.AsSpan(start, length).SequenceEqual(written.AsSpan(start, length))) continue;
            var kind = random.Next(3);
            if (kind == 1) written.AsSpan(start, length).CopyTo(disk.AsSpan(start));
            else if (kind == 2) random.NextBytes(disk.AsSpan(start, length));
        }

        return disk;
    }

    private static void Write(PartFile part, byte[] content, Random random, int offset, int length)
    {
        random.NextBytes(content.AsSpan(offset, length));
        part.Write(offset, content.AsSpan(offset, length));
    }

    private static byte[] Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
