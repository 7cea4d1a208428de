using System.Diagnostics;
using System.Security.Cryptography;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.EndToEnd.Copy;

public sealed class WholeCopyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(40_000_001)]
    public async Task A_file_of_any_size_arrives_whole_under_its_name(long size)
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        var path = from.Write("Übung 1.bin", size);

        var (sent, received) = await CopyPair.RunAsync(path, new ReceiveOptions { Folder = to.Path });

        Assert.Equal(OutcomeKind.Done, sent.Kind);
        Assert.Equal(OutcomeKind.Done, received.Kind);
        Assert.Equal(size, sent.Bytes);
        Assert.Equal(size, received.Bytes);
        Assert.Equal(to["Übung 1.bin"], received.FinalPath);
        Assert.Equal(["Übung 1.bin"], to.Names);
        Assert.Equal(Hash(path), Hash(received.FinalPath!));
        Assert.Null(sent.Note);
        Assert.Null(received.Note);
    }

    [Fact]
    public async Task Both_sides_compute_the_same_hash_while_the_content_flows()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        var path = from.Write("a.bin", 5_000_000);

        var (sent, received) = await CopyPair.RunAsync(path, new ReceiveOptions { Folder = to.Path, Hash = true }, sendOptions: new SendOptions { Hash = true });

        Assert.Equal(Hash(path), sent.Sha256);
        Assert.Equal(Hash(path), received.Sha256);
    }

    [Fact]
    public async Task A_sparse_file_beyond_four_gigabytes_arrives_and_stays_sparse()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        var size = (4L << 30) + (100 << 20);
        using (var file = File.Create(from["big.bin"]))
        {
            file.SetLength(size);
            file.Write("start"u8);
            file.Seek((4L << 30) + 12345, SeekOrigin.Begin);
            file.Write("beyond"u8);
        }

        var clock = Stopwatch.StartNew();
        var (sent, received) = await CopyPair.RunAsync(from["big.bin"], new ReceiveOptions { Folder = to.Path });
        TestContext.Current.TestOutputHelper?.WriteLine($"{size / clock.Elapsed.TotalSeconds / 1e6:0} MB/s");

        Assert.Equal(OutcomeKind.Done, sent.Kind);
        Assert.Equal(OutcomeKind.Done, received.Kind);
        using var copy = File.OpenHandle(to["big.bin"]);
        Assert.Equal(size, RandomAccess.GetLength(copy));
        var read = new byte[6];
        RandomAccess.Read(copy, read, (4L << 30) + 12345);
        Assert.Equal("beyond"u8.ToArray(), read);
        RandomAccess.Read(copy, read, 0);
        Assert.Equal("start\0"u8.ToArray(), read);
    }

    [Fact]
    public async Task Progress_rises_to_the_end_on_both_sides_and_its_last_word_is_final()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 30_000_000));
        var (a, b) = DuplexStream.Pair();
        var sentReports = new List<CopyProgress>();
        var receivedReports = new List<CopyProgress>();

        var sending = new CopyRunner(a.Connection, sentReports.Add).SendAsync(source, new SendOptions(), CancellationToken.None);
        var receiving = new CopyRunner(b.Connection, receivedReports.Add).ReceiveAsync(new ReceiveOptions { Folder = to.Path }, CopyPair.Accept, CancellationToken.None);
        await CopyPair.EndAsync(sending, receiving);

        foreach (var reports in new[] { sentReports, receivedReports })
        {
            Assert.Equal(reports.OrderBy(report => report.Bytes), reports);
            Assert.All(reports, report => Assert.Equal(30_000_000, report.Total));
            Assert.True(reports[^1].Final);
            Assert.Equal(30_000_000, reports[^1].Bytes);
            Assert.Single(reports, report => report.Final);
        }
    }

    [Fact]
    public async Task The_pumps_wait_for_work_and_never_spin()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 100_000_000));
        var (a, b) = DuplexStream.Pair();
        var clock = new CountingClock();
        var started = Stopwatch.GetTimestamp();

        var sending = new CopyRunner(a.Connection, clock: clock).SendAsync(source, new SendOptions(), CancellationToken.None);
        var receiving = new CopyRunner(b.Connection, clock: clock).ReceiveAsync(new ReceiveOptions { Folder = to.Path }, CopyPair.Accept, CancellationToken.None);
        await CopyPair.EndAsync(sending, receiving);

        // A few readings for each piece of at least 64 KiB and for each tick; a spinning loop makes millions.
        var ticks = (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * 20) + 10;
        Assert.InRange(clock.Reads, 1, (100_000_000 / (64 << 10) * 40) + (ticks * 20));
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
