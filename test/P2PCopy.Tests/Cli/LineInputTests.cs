using P2PCopy.Cli.Terminal;

namespace P2PCopy.Tests.Cli;

public sealed class LineInputTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();
    private readonly LineInput _input;

    public LineInputTests() => _input = new LineInput(_terminal.Surroundings(true).Input);

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public async Task Lines_come_without_their_ends()
    {
        _terminal.Type("one\r\n\ntwo\nthree");
        _terminal.EndInput();

        Assert.Equal("one", await NextAsync());
        Assert.Equal("", await NextAsync());
        Assert.Equal("two", await NextAsync());
        Assert.Equal("three", await NextAsync());
        Assert.Null(await NextAsync());
        Assert.Null(await NextAsync());
    }

    [Fact]
    public async Task Waiting_can_be_given_up_and_taken_up_again()
    {
        using var patience = new CancellationTokenSource();
        var given = _input.ReadLineAsync(patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await given);

        _terminal.Type("late\n");

        Assert.Equal("late", await NextAsync());
    }

    [Fact]
    public async Task A_line_without_end_is_cut()
    {
        _terminal.Type(new string('x', 5000) + "\n");

        Assert.Equal(4096, (await NextAsync())!.Length);
        Assert.Equal(904, (await NextAsync())!.Length);
    }

    [Fact]
    public async Task A_line_can_be_waited_for_and_left_there()
    {
        var wait = _input.WaitForLineAsync(TestContext.Current.CancellationToken);
        _terminal.Type("one\n");
        await wait;

        Assert.Equal("one", _input.ReadLine());
        Assert.Null(_input.ReadLine());
    }

    [Fact]
    public async Task Who_looks_first_sees_every_line_however_many_nobody_reads()
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _input.FirstLook = line =>
        {
            if (line == "ticket") taken.SetResult();
            return line == "ticket";
        };
        _terminal.Type("question\n" + string.Concat(Enumerable.Repeat("\n", 100)) + "ticket\n");

        Assert.Equal("question", await NextAsync());
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private ValueTask<string?> NextAsync() => _input.ReadLineAsync(TestContext.Current.CancellationToken);
}
