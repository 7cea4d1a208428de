using P2PCopy.Cli.Terminal;

namespace P2PCopy.Tests.Cli;

public sealed class ScreenTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Fact]
    public void On_a_terminal_all_lines_stand_together_and_errors_apart()
    {
        Speak(new Screen(_terminal.Surroundings(true), Verbosity.Verbose));

        Assert.Equal("essential\nresult\nnote\ndetail\n", _terminal.Output);
        Assert.Equal("\e[31mError:\e[0m error\n", _terminal.Error);
    }

    [Fact]
    public void Into_a_pipe_go_results_alone_and_no_control_sequences()
    {
        var screen = new Screen(_terminal.Surroundings(false), Verbosity.Verbose);
        Speak(screen);
        screen.TellPeer("1.2.3.4:5");

        Assert.Equal("essential\nresult\nTell this to your peer: 1.2.3.4:5\n", _terminal.Output);
        Assert.Equal("note\ndetail\nError: error\n", _terminal.Error);
    }

    [Theory]
    [InlineData(Verbosity.Quiet, "essential\n")]
    [InlineData(Verbosity.Normal, "essential\nresult\nnote\n")]
    internal void The_user_chooses_how_much_is_said(Verbosity verbosity, string output)
    {
        Speak(new Screen(_terminal.Surroundings(true), verbosity));

        Assert.Equal(output, _terminal.Output);
    }

    [Fact]
    public void A_message_during_a_prompt_puts_the_prompt_below_itself()
    {
        var screen = new Screen(_terminal.Surroundings(true), Verbosity.Normal);
        screen.Prompt("Name: ");
        screen.Essential("Your address changed.");
        screen.EndPrompt();
        screen.Result("next");

        // The answer's own line end is the echo of the terminal.
        Assert.Equal("Name: \nYour address changed.\nName: next\n", _terminal.Output);
    }

    [Fact]
    public void In_a_pipe_the_prompt_is_a_line_of_its_own()
    {
        var screen = new Screen(_terminal.Surroundings(false), Verbosity.Normal);
        screen.Prompt("Name: ");
        screen.Note("beside");
        screen.EndPrompt();
        screen.Result("next");

        Assert.Equal("Name: \nnext\n", _terminal.Output);
    }

    [Fact]
    public void A_prompt_that_nobody_answers_leaves_a_clean_line()
    {
        var screen = new Screen(_terminal.Surroundings(true), Verbosity.Normal);
        screen.Prompt("Name: ");
        screen.AbandonPrompt();
        screen.Result("next");

        Assert.Equal("Name: \nnext\n", _terminal.Output);
    }

    [Fact]
    public void A_line_in_two_halves_is_one_line_unless_something_comes_between()
    {
        var screen = new Screen(_terminal.Surroundings(true), Verbosity.Normal);
        screen.Begin("trying ");
        screen.End("worked");
        screen.Begin("trying ");
        screen.Note("wait");
        screen.End("failed");

        Assert.Equal("trying worked\ntrying \nwait\nfailed\n", _terminal.Output);
    }

    [Fact]
    public void Progress_covers_what_it_drew_before_and_stays_when_it_ends()
    {
        var screen = new Screen(_terminal.Surroundings(true), Verbosity.Normal);
        screen.Progress("long text");
        screen.Progress("short");
        screen.Note("between");
        screen.Progress("end");
        screen.EndProgress();

        Assert.Equal("\rlong text\rshort    \nbetween\n\rend\n", _terminal.Output);
    }

    [Fact]
    public void Progress_can_be_wiped_off_for_what_says_more()
    {
        var screen = new Screen(_terminal.Surroundings(true), Verbosity.Normal);
        screen.DropProgress();
        screen.Progress("50%");
        screen.DropProgress();
        screen.Result("all of it");

        Assert.Equal("\r50%\r   \rall of it\n", _terminal.Output);
    }

    [Fact]
    public void A_line_typed_into_the_progress_ends_it()
    {
        var screen = new Screen(_terminal.Surroundings(true), Verbosity.Normal);
        screen.Progress("50%");
        screen.LineTyped();
        screen.Note("taken");
        screen.Progress("60%");

        // The line end behind 50% is the echo of the terminal.
        Assert.Equal("\r50%taken\n\r60%", _terminal.Output);
    }

    [Theory]
    [InlineData("xterm-256color", "\e]52;c;MS4yLjMuNDo1\a")]
    [InlineData("dumb", "")]
    [InlineData("linux", "")]
    [InlineData(null, "")]
    public void The_clipboard_is_offered_to_terminals_that_may_know_it(string? term, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "TERM decides elsewhere");
        if (term is not null) _terminal.Variables["TERM"] = term;

        new Screen(_terminal.Surroundings(true), Verbosity.Normal).TellPeer("1.2.3.4:5");

        Assert.Equal("Tell this to your peer: 1.2.3.4:5\n" + expected, _terminal.Output);
    }

    [Fact]
    public void Two_lines_of_progress_are_drawn_over_themselves_and_leave_one()
    {
        var screen = new Screen(_terminal.Surroundings(true), Verbosity.Normal);
        screen.Progress("10%", "1 of 2: a");
        screen.Progress("60%", "2 of 2: b");
        screen.Progress("100%");
        screen.EndProgress();
        screen.Result("done");

        Assert.Equal("\r\e[J1 of 2: a\n10%\e[A\r\e[J2 of 2: b\n60%\e[A\r\e[J100%\ndone\n", _terminal.Output);
    }

    [Fact]
    public void A_message_leaves_two_lines_of_progress_where_they_are()
    {
        var screen = new Screen(_terminal.Surroundings(true), Verbosity.Normal);
        screen.Progress("10%", "1 of 2: a");
        screen.Note("Your peer is heard again.");
        screen.Progress("60%", "2 of 2: b");

        Assert.Equal("\r\e[J1 of 2: a\n10%\nYour peer is heard again.\n\r\e[J2 of 2: b\n60%", _terminal.Output);
    }

    [Fact]
    public void NO_COLOR_is_honoured()
    {
        _terminal.Variables["NO_COLOR"] = "1";

        new Screen(_terminal.Surroundings(true), Verbosity.Normal).Error("plain");

        Assert.Equal("Error: plain\n", _terminal.Error);
    }

    private static void Speak(Screen screen)
    {
        screen.Essential("essential");
        screen.Result("result");
        screen.Note("note");
        screen.Detail("detail");
        screen.Error("error");
    }
}
