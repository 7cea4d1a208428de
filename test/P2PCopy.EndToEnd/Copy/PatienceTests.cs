using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>How long each side waits, for the peer and for the user; in virtual time.</summary>
public sealed class PatienceTests
{
    private static readonly TimeSpan Fifty = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Sixty = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_receiver_gives_a_silent_sender_up_after_fifty_seconds()
    {
        using var to = new TemporaryFolder();
        var (a, b) = DuplexStream.Pair();
        var clock = new ManualClock();
        await new ScriptedPeer(a).SayAsync([.. ScriptedPeer.Header("a.bin", 100), .. ScriptedPeer.Length(100), 1, 2, 3]);
        var flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiving = new CopyRunner(b.Connection, _ => flowing.TrySetResult(), clock).ReceiveAsync(
            new ReceiveOptions { Folder = to.Path }, CopyPair.Accept, CancellationToken.None);

        // Time stands until the answer has come through, or the question would seem to have been open for all of it.
        await flowing.Task;
        await clock.RunUntilAsync(receiving);

        var outcome = await receiving;
        Assert.Equal(OutcomeKind.BrokenOff, outcome.Kind);
        Assert.Contains("stopped responding", outcome.What, StringComparison.Ordinal);
        Assert.True(clock.Now >= Fifty);
        Assert.Empty(to.Names);
    }

    [Fact]
    public async Task A_sender_gives_a_receiver_up_that_reads_but_never_confirms()
    {
        using var from = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 100));
        var (a, b) = DuplexStream.Pair();
        var clock = new ManualClock();
        var sending = new CopyRunner(a.Connection, clock: clock).SendAsync(source, new SendOptions(), CancellationToken.None);
        await new ScriptedPeer(b).HearAsync(14 + 4 + 100);

        await clock.RunUntilAsync(sending);

        var outcome = await sending;
        Assert.Equal(OutcomeKind.BrokenOff, outcome.Kind);
        Assert.Contains("stopped responding", outcome.What, StringComparison.Ordinal);
        Assert.InRange(clock.Now, Fifty, Sixty);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_question_that_is_not_answered_is_a_refusal_after_45_seconds(bool heedsToken)
    {
        using var to = new TemporaryFolder();
        var (a, b) = DuplexStream.Pair();
        var peer = new ScriptedPeer(a);
        var clock = new ManualClock();
        await peer.SayAsync(ScriptedPeer.Header("a.bin", 100));
        var never = new TaskCompletionSource<OfferDecision>();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (askedAt, endedAt) = (TimeSpan.MaxValue, TimeSpan.Zero);
        var receiving = new CopyRunner(b.Connection, clock: clock).ReceiveAsync(
            new ReceiveOptions { Folder = to.Path },
            async (_, token) =>
            {
                askedAt = clock.Now;
                token.Register(() => endedAt = clock.Now);
                asked.SetResult();
                return heedsToken ? await never.Task.WaitAsync(token) : await never.Task;
            },
            CancellationToken.None);

        await asked.Task;
        await clock.RunUntilAsync(receiving);

        var outcome = await receiving;
        Assert.Equal(OutcomeKind.Refused, outcome.Kind);
        Assert.Contains("not answered", outcome.Why, StringComparison.Ordinal);
        Assert.True(endedAt >= TimeSpan.FromSeconds(45));
        Assert.True(endedAt - askedAt <= TimeSpan.FromSeconds(45));
        Assert.Equal([0], await peer.HearToEndAsync());
        Assert.Empty(to.Names);
    }

    [Fact]
    public async Task Nothing_is_written_while_the_user_thinks()
    {
        using var to = new TemporaryFolder();
        var (a, b) = DuplexStream.Pair();
        var peer = new ScriptedPeer(a);
        var asked = new TaskCompletionSource<Offer>();
        var answer = new TaskCompletionSource<OfferDecision>();
        var receiving = new CopyRunner(b.Connection).ReceiveAsync(
            new ReceiveOptions { Folder = to.Path },
            async (offer, token) =>
            {
                asked.SetResult(offer);
                return await answer.Task.WaitAsync(token);
            },
            CancellationToken.None);
        await peer.SayAsync([.. ScriptedPeer.Header("a.bin", 4), .. ScriptedPeer.Length(4), 1, 2, 3, 4]);
        var offer = await asked.Task;

        Assert.Equal((4, "a.bin", false), (offer.Size, offer.DisplayName, offer.Exists));
        Assert.Equal(to["a.bin"], offer.TargetPath);
        Assert.True(offer.FreeBytes > 0);
        Assert.Empty(to.Names);
        answer.SetResult(OfferDecision.Accept);
        Assert.Equal([1], await peer.HearAsync(1));
        Assert.Equal(["a.bin"], to.Names);
        peer.Close();
        Assert.Equal(OutcomeKind.Done, (await receiving).Kind);
    }

    [Fact]
    public async Task A_sender_that_goes_while_the_user_thinks_ends_the_question()
    {
        using var to = new TemporaryFolder();
        var (a, b) = DuplexStream.Pair();
        var peer = new ScriptedPeer(a);
        var asked = new TaskCompletionSource<CancellationToken>();
        var receiving = new CopyRunner(b.Connection).ReceiveAsync(
            new ReceiveOptions { Folder = to.Path },
            async (_, token) =>
            {
                asked.SetResult(token);
                await new TaskCompletionSource().Task.WaitAsync(token);
                return OfferDecision.Accept;
            },
            CancellationToken.None);
        await peer.SayAsync(ScriptedPeer.Header("a.bin", 4));
        var token = await asked.Task;
        peer.Close();

        Assert.Equal(OutcomeKind.BrokenOff, (await receiving.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Kind);
        Assert.True(token.IsCancellationRequested);
        Assert.Empty(to.Names);
    }

    [Fact]
    public async Task An_interrupt_ends_both_sides_at_once_and_leaves_nothing()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 3 << 20));
        using var interrupt = new CancellationTokenSource();
        var (a, b) = DuplexStream.Pair();
        var sending = new CopyRunner(a.Connection).SendAsync(source, new SendOptions(), CancellationToken.None);
        var receiving = new CopyRunner(b.Connection).ReceiveAsync(
            new ReceiveOptions { Folder = to.Path },
            async (_, token) =>
            {
                await interrupt.CancelAsync();
                await new TaskCompletionSource().Task.WaitAsync(token);
                return OfferDecision.Accept;
            },
            interrupt.Token);
        await CopyPair.EndAsync(sending, receiving);

        Assert.Equal(OutcomeKind.Interrupted, (await receiving).Kind);
        Assert.Equal(OutcomeKind.BrokenOff, (await sending).Kind);
        Assert.Empty(to.Names);
    }

    [Fact]
    public async Task An_interrupted_sender_leaves_the_receiver_with_a_reason_and_no_file()
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 60 << 20));
        using var interrupt = new CancellationTokenSource();
        var (a, b) = DuplexStream.Pair();
        var sending = new CopyRunner(a.Connection).SendAsync(source, new SendOptions(), interrupt.Token);
        var receiving = new CopyRunner(b.Connection, _ => interrupt.Cancel()).ReceiveAsync(
            new ReceiveOptions { Folder = to.Path }, CopyPair.Accept, CancellationToken.None);
        await CopyPair.EndAsync(sending, receiving);

        Assert.Equal(OutcomeKind.Interrupted, (await sending).Kind);
        Assert.Equal(OutcomeKind.BrokenOff, (await receiving).Kind);
        Assert.Empty(to.Names);
    }
}
