using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.IO.Tree;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>The loop of a copy on the thread of the disk: when it turns there, and that a disk that hangs does not hold it.</summary>
public sealed class StepThreadTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_loop_turns_on_the_idle_thread_of_the_steps_and_after_a_step()
    {
        var answered = new SemaphoreSlim(0);
        using var steps = new StepThread<string, string>("the steps", static step => step, () => answered.Release());
        var signal = new TurnSignal(steps.TryHost);

        // Nobody is at home before the first step.
        Assert.NotEqual("the steps", await TurnAsync(signal, signal.Set));
        steps.Add("first");
        Assert.True(await answered.WaitAsync(Limit, TestContext.Current.CancellationToken));
        Assert.Equal("the steps", await TurnAsync(signal, signal.Set));
        Assert.Equal(["first"], steps.TakeAnswers([]));

        steps.Add("second");
        Assert.True(await answered.WaitAsync(Limit, TestContext.Current.CancellationToken));
        steps.Close(dropSteps: false);
        await steps.Over.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.NotEqual("the steps", await TurnAsync(signal, signal.Set));
    }

    [Fact]
    public async Task A_step_that_hangs_does_not_hold_what_is_urgent()
    {
        using var hangs = new ManualResetEventSlim();
        using var began = new ManualResetEventSlim();
        using var steps = new StepThread<int, int>("the steps", step =>
        {
            began.Set();
            hangs.Wait(Limit, TestContext.Current.CancellationToken);
            return step;
        }, static () => { });
        var signal = new TurnSignal(steps.TryHost);
        steps.Add(1);
        Assert.True(began.Wait(Limit, TestContext.Current.CancellationToken));
        var turn = TurnAsync(signal, signal.Set);
        Assert.False(turn.IsCompleted);
        signal.SetUrgently();
        Assert.NotEqual("the steps", await turn.WaitAsync(Limit, TestContext.Current.CancellationToken));

        // With more steps behind it nothing is left to wait for the one.
        steps.Add(2);
        Assert.NotEqual("the steps", await TurnAsync(signal, signal.Set).WaitAsync(Limit, TestContext.Current.CancellationToken));
        hangs.Set();
        steps.Close(dropSteps: false);
        await steps.Over.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], steps.TakeAnswers([]));
    }

    [Fact]
    public async Task Many_who_signal_at_once_lose_no_turn()
    {
        using var steps = new StepThread<int, int>("the steps", static step => step, static () => { });
        steps.Add(0);
        var signal = new TurnSignal(steps.TryHost);
        const int Each = 20_000;
        var said = 0;
        var signallers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                Interlocked.Increment(ref said);
                if (i % 7 == 0) signal.SetUrgently();
                else signal.Set();
                if (i % 100 == 0) steps.Add(i);
            }
        }, TestContext.Current.CancellationToken)).ToArray();

        // The loop sees the last of what was said, whoever says it: else it would wait for ever.
        using var limit = new CancellationTokenSource(Limit);
        var seen = 0;
        while (seen < 4 * Each)
        {
            await signal.WaitAsync().AsTask().WaitAsync(limit.Token);
            seen = Volatile.Read(ref said);
        }

        await Task.WhenAll(signallers);
        steps.Close(dropSteps: true);
        await steps.Over.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for a turn and tells the name of the thread that it begins on.</summary>
    private static async Task<string?> TurnAsync(TurnSignal signal, Action set)
    {
        var turn = LoopAsync(signal);
        set();
        return await turn;
    }

    private static async Task<string?> LoopAsync(TurnSignal signal)
    {
        await signal.WaitAsync().ConfigureAwait(false);
        var name = Thread.CurrentThread.Name;

        // What the test goes on with is not the business of that thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return name;
    }
}
