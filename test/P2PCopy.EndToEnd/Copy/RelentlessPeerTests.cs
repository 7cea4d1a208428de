using P2PCopy.EndToEnd.Tree;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Measuring;
using P2PCopy.Transfer.Sending;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>A peer that never pauses keeps nobody from stopping, nor the clock and the answers waiting.</summary>
public sealed class RelentlessPeerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _floods = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Who_sends_can_stop_while_reports_pour_in()
    {
        using var from = new TemporaryFolder();
        using var source = TreeRun.Open(from.Write("a", 100));
        using var stop = new CancellationTokenSource();
        var sending = new TreeRunner(new RelentlessPeer(Reports).Connection).SendAsync(source, new SendOptions(), stop.Token);

        Assert.Equal(OutcomeKind.Interrupted, (await StopAsync(sending, stop)).Kind);
    }

    [Fact]
    public async Task Who_is_measured_with_can_stop_while_bytes_pour_in()
    {
        using var stop = new CancellationTokenSource();
        var peer = new RelentlessPeer(Flow);
        var measuring = new PathMeasurement(peer.Connection, static () => default).ServeAsync(stop.Token);

        Assert.Equal(OutcomeKind.Interrupted, (await StopAsync(measuring, stop)).Kind);
        Assert.True(peer.WasTold(MessageType.Abort));
    }

    private async Task<T> StopAsync<T>(Task<T> running, CancellationTokenSource stop)
    {
        await _floods.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        return await running.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    private IEnumerable<ReadOnlyMemory<byte>?> Reports(RelentlessPeer peer)
    {
        yield return RelentlessPeer.Message(MessageType.Hello, new HelloMessage(1, 1, Sends: false, TreeFeatures.None));
        while (!peer.WasTold(MessageType.Entries)) yield return null;
        yield return RelentlessPeer.Message(MessageType.Accept, new AcceptMessage(1 << 20, 1));
        var report = RelentlessPeer.Message(MessageType.Written, new WrittenMessage(0, 0, 0));
        for (var count = 0; ; count++)
        {
            if (count == 1000) _floods.TrySetResult();
            yield return report;
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>?> Flow(RelentlessPeer peer)
    {
        yield return RelentlessPeer.Message(MessageType.Hello, new HelloMessage(1, 1, Sends: true, TreeFeatures.None) { Measures = true });
        yield return RelentlessPeer.Message(MessageType.Measure, new MeasureMessage(60));
        var content = new byte[64 << 10];
        for (var count = 0; ; count++)
        {
            if (count == 1000) _floods.TrySetResult();
            var head = new byte[MessageHeader.Bytes + ChunkHead.Bytes];
            new MessageHeader(MessageType.Chunk, ChunkHead.Bytes + content.Length).Write(head);
            new ChunkHead(0, (ulong)count * (ulong)content.Length).Write(head.AsSpan(MessageHeader.Bytes));
            yield return head;
            yield return content;
        }
    }
}
