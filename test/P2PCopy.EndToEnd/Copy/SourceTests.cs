using System.Net.Sockets;
using P2PCopy.EndToEnd.Processes;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>What can be wrong with the file to send, before and while it is sent.</summary>
public sealed class SourceTests
{
    [Fact]
    public void A_missing_file_and_a_folder_are_told()
    {
        using var from = new TemporaryFolder();

        Assert.Contains("no file", Failure(from["missing"]).What, StringComparison.Ordinal);
        Assert.Contains("is a folder", Failure(from.Path).What, StringComparison.Ordinal);
        Assert.Contains("no file", Failure("").What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_pipe_is_refused_without_waiting_for_a_writer()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes are no files on Windows");
        using var from = new TemporaryFolder();
        RealProcess.Run("mkfifo", [from["pipe"]]);

        Assert.Contains("a named pipe", Failure(from["pipe"]).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    public void A_device_is_refused(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "devices are told apart on Linux");

        Assert.Contains("a device", Failure(path).What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sockets are no files on Windows");
        using var from = new TemporaryFolder();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(from["socket"]));

        Assert.Equal(OutcomeKind.SourceFailed, Failure(from["socket"]).Kind);
    }

    [Fact]
    public async Task A_file_that_becomes_shorter_is_not_padded_and_leaves_nothing_at_the_receiver()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        var path = from.Write("a.bin", 60 << 20);

        var (sent, received) = await CopyPair.RunAsync(path, new ReceiveOptions { Folder = to.Path }, (_, _) =>
        {
            using var file = File.OpenWrite(path);
            file.SetLength(30 << 20);
            return ValueTask.FromResult(OfferDecision.Accept);
        });

        Assert.Equal(OutcomeKind.SourceFailed, sent.Kind);
        Assert.Contains("became shorter", sent.What, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.BrokenOff, received.Kind);
        Assert.Empty(to.Names);
    }

    [Fact]
    public async Task A_file_that_grows_is_sent_as_announced_and_the_sender_is_told()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        var path = from.Write("a.bin", 3 << 20);

        var (sent, received) = await CopyPair.RunAsync(path, new ReceiveOptions { Folder = to.Path }, (_, _) =>
        {
            using var file = File.OpenWrite(path);
            file.SetLength(4 << 20);
            return ValueTask.FromResult(OfferDecision.Accept);
        });

        Assert.Equal(OutcomeKind.Done, sent.Kind);
        Assert.Contains("grew to 4 MB", sent.Note, StringComparison.Ordinal);
        Assert.Equal(3 << 20, new FileInfo(received.FinalPath!).Length);
    }

    [Fact]
    public async Task A_file_that_changes_in_place_is_told()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        var path = from.Write("a.bin", 1000);
        File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var (sent, _) = await CopyPair.RunAsync(path, new ReceiveOptions { Folder = to.Path }, (_, _) =>
        {
            File.SetLastWriteTimeUtc(path, new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            return ValueTask.FromResult(OfferDecision.Accept);
        });

        Assert.Equal(OutcomeKind.Done, sent.Kind);
        Assert.Contains("was changed", sent.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_can_be_offered_under_another_name()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();

        await CopyPair.RunAsync(from.Write("a.bin", 10), new ReceiveOptions { Folder = to.Path }, sendOptions: new SendOptions { Name = "b.bin" });

        Assert.Equal(["b.bin"], to.Names);
    }

    private static CopyOutcome Failure(string path)
    {
        Assert.False(FileSource.TryOpen(path, out var source, out var failure));
        Assert.Null(source);
        Assert.Equal(OutcomeKind.SourceFailed, failure.Kind);
        return failure;
    }
}
