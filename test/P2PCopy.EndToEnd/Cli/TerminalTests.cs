using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>What a person at a terminal sees and answers.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly CopyPair _pair = new(CopyPair.Legacy);

    public TerminalTests() => Assert.SkipUnless(ProgramRun.HasTerminals, "needs a pseudo-terminal");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task A_person_is_told_what_comes_and_accepts_by_Enter()
    {
        using var sender = _pair.StartSender(_pair.CreateFile("holiday.sh", 2_500_000));
        using var receiver = _pair.StartReceiverInTerminal(80);
        await ProgramRun.IntroduceAsync(sender, receiver);
        await receiver.SeeAsync("Receive it? [Y/n] ");

        Assert.Contains("Your peer wants to send 2.38 MB:\r\n  holiday.sh\r\n", receiver.Output, StringComparison.Ordinal);
        Assert.Contains("Warning: files of this kind can run programs when they are opened.", receiver.Output, StringComparison.Ordinal);
        receiver.Type("");

        Assert.Equal(0, await receiver.ExitAsync());
        Assert.Equal(0, await sender.ExitAsync());
        Assert.Single(_pair.Target.GetFiles());
    }

    [Fact]
    public async Task A_person_can_say_no()
    {
        using var sender = _pair.StartSender(_pair.CreateFile("a.txt", 5));
        using var receiver = _pair.StartReceiverInTerminal(80);
        await ProgramRun.IntroduceAsync(sender, receiver);
        await receiver.SeeAsync("Receive it? [Y/n] ");
        receiver.Type("perhaps");
        receiver.Type("n");

        Assert.Equal(4, await receiver.ExitAsync());
        Assert.NotEqual(0, await sender.ExitAsync());
        Assert.Empty(_pair.Target.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_name_that_deceives_the_eye_is_refused_and_shown_harmless()
    {
        using var sender = _pair.StartSender(_pair.CreateFile("report\u202etxt.sh", 5));
        using var receiver = _pair.StartReceiverInTerminal(80);
        await ProgramRun.IntroduceAsync(sender, receiver);

        Assert.Equal(4, await receiver.ExitAsync());
        Assert.Contains(@"report\u{202E}txt.sh", receiver.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, await sender.ExitAsync());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Progress_is_one_line_that_never_wraps(int columns)
    {
        using var sender = _pair.StartSender(_pair.CreateFile("a.bin", 40_000_000));
        using var receiver = _pair.StartReceiverInTerminal(columns, "--yes");
        await ProgramRun.IntroduceAsync(sender, receiver);

        Assert.Equal(0, await receiver.ExitAsync());
        var drawn = receiver.Output.Split('\n').Single(line => line.TrimEnd('\r').Contains('\r', StringComparison.Ordinal));
        Assert.Contains("MB/s", drawn, StringComparison.Ordinal);
        Assert.All(drawn.TrimEnd('\r').Split('\r'), text => Assert.InRange(text.Length, 0, columns - 1));
    }
}
