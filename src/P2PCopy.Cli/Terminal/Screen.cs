using P2PCopy.Cli.Terminal.Qr;

namespace P2PCopy.Cli.Terminal;

/// <summary>
/// The one way out for text. Results and prompts go to standard output; everything else joins them on a terminal and goes to
/// standard error where output is piped. It knows what stands unfinished on the last line, so a message never cuts into a prompt
/// or a progress line.
/// </summary>
internal sealed class Screen(Surroundings surroundings, Verbosity verbosity)
{
    private const string Red = "\e[31m";
    private const string ErrorMark = "Error:";
    private const string Plain = "\e[0m";
    private const string Clear = "\r\e[J";
    private const string UpAndClear = "\e[A" + Clear;

    private readonly Lock _gate = new();
    private Unfinished _unfinished;
    private string _prompt = "";
    private int _progressColumns;
    private bool _isProgressDouble;

    private enum Unfinished
    {
        None,
        Prompt,
        Part,
        Progress,
    }

    /// <summary>A line that even <c>--quiet</c> shows.</summary>
    /// <param name="line">What is said.</param>
    /// <param name="hasEvent">Whether programs are told the same by an event of its own.</param>
    public void Essential(string line, bool hasEvent = false)
    {
        Tell(line, hasEvent);
        Write(surroundings.Output, line);
    }

    /// <summary>What is said to a wrong answer at a terminal, <c>--quiet</c> or not.</summary>
    public void Answer(string line)
    {
        Tell(line, hasEvent: false);
        Write(surroundings.Output, WordWrap.Fit(line, surroundings.Width()));
    }

    /// <summary>A line of the program's result; never broken, as scripts read it and users copy from it.</summary>
    /// <param name="line">What is said.</param>
    /// <param name="hasEvent">Whether programs are told the same by an event of its own.</param>
    public void Result(string line, bool hasEvent = false)
    {
        Tell(line, hasEvent);
        if (verbosity > Verbosity.Quiet) Write(surroundings.Output, line);
    }

    /// <summary>A line beside the result.</summary>
    /// <param name="line">What is said.</param>
    /// <param name="hasEvent">Whether programs are told the same by an event of its own.</param>
    public void Note(string line, bool hasEvent = false)
    {
        Tell(line, hasEvent);
        if (verbosity == Verbosity.Quiet) return;
        if (surroundings.OutputIsTerminal) Write(surroundings.Output, WordWrap.Fit(line, surroundings.Width()));
        else Write(surroundings.Error, line);
    }

    /// <summary>A line for <c>--verbose</c>.</summary>
    public void Detail(string line)
    {
        if (verbosity == Verbosity.Verbose) Note(line);
    }

    /// <summary>An error, always shown, on standard error.</summary>
    public void Error(string sentences)
    {
        surroundings.Events.Emit("error", sentences);
        var text = $"{ErrorMark} {sentences}";
        if (surroundings.ErrorIsTerminal) text = WordWrap.Fit(text, surroundings.Width());
        Write(surroundings.Error, surroundings.Colour ? Red + ErrorMark + Plain + text[ErrorMark.Length..] : text);
    }

    /// <summary>Text that waits for an answer on its own line; messages that come meanwhile put it below themselves again.</summary>
    public void Prompt(string text)
    {
        surroundings.Events.Emit("question", text.Trim());
        lock (_gate)
        {
            FinishLine();
            _prompt = text;
            _unfinished = Unfinished.Prompt;
            surroundings.Output.Write(text);
            surroundings.Output.Flush();
        }
    }

    /// <summary>The answer came. The terminal ended the line by its echo; elsewhere nobody did.</summary>
    public void EndPrompt()
    {
        lock (_gate)
        {
            if (_unfinished != Unfinished.Prompt) return;
            _unfinished = Unfinished.None;
            if (!surroundings.InputIsTerminal || !surroundings.OutputIsTerminal) surroundings.Output.WriteLine();
        }
    }

    /// <summary>A line was typed where nothing was asked: the echo of the terminal has ended the line that stood there.</summary>
    public void LineTyped()
    {
        if (!surroundings.InputIsTerminal || !surroundings.OutputIsTerminal) return;
        lock (_gate)
        {
            if (_unfinished == Unfinished.Prompt) return;
            ForgetLine();
        }
    }

    /// <summary>No answer is waited for any more; what comes next starts on a line of its own.</summary>
    public void AbandonPrompt()
    {
        lock (_gate)
        {
            if (_unfinished == Unfinished.Prompt) FinishLine();
        }
    }

    /// <summary>The first half of a result line, whose end is known later.</summary>
    public void Begin(string part)
    {
        if (verbosity == Verbosity.Quiet) return;
        lock (_gate)
        {
            FinishLine();
            _unfinished = Unfinished.Part;
            surroundings.Output.Write(part);
            surroundings.Output.Flush();
        }
    }

    /// <summary>The second half; on a line of its own when something was said in between.</summary>
    public void End(string rest)
    {
        if (verbosity == Verbosity.Quiet) return;
        lock (_gate)
        {
            if (_unfinished == Unfinished.Part) _unfinished = Unfinished.None;
            else FinishLine();
            surroundings.Output.WriteLine(rest);
        }
    }

    /// <summary>Draws over the progress. Only for a terminal; the texts must be narrower than it.</summary>
    /// <param name="text">The line that stays.</param>
    /// <param name="above">A line above it for now; only where <see cref="Surroundings.MovesCursor"/>.</param>
    public void Progress(string text, string? above = null)
    {
        if (verbosity == Verbosity.Quiet) return;
        lock (_gate)
        {
            if (_unfinished != Unfinished.Progress) FinishLine();
            var start = _isProgressDouble ? UpAndClear : above is not null ? Clear : "\r";
            surroundings.Output.Write(start + (above is null ? "" : above + '\n') + (start == "\r" ? text.PadRight(_progressColumns) : text));
            surroundings.Output.Flush();
            _progressColumns = text.Length;
            _isProgressDouble = above is not null;
            _unfinished = Unfinished.Progress;
        }
    }

    /// <summary>Leaves the last drawn progress line on the screen.</summary>
    public void EndProgress()
    {
        lock (_gate)
        {
            if (_unfinished == Unfinished.Progress) FinishLine();
        }
    }

    /// <summary>Wipes the last drawn progress off the screen: what comes next says the same and more.</summary>
    public void DropProgress()
    {
        lock (_gate)
        {
            if (_unfinished != Unfinished.Progress) return;
            surroundings.Output.Write(_isProgressDouble ? UpAndClear : $"\r{new string(' ', _progressColumns)}\r");
            surroundings.Output.Flush();
            ForgetLine();
        }
    }

    /// <summary>
    /// What the peer must be told, also put into the terminal's clipboard (OSC 52); terminals that do not know it ignore it.
    /// </summary>
    public void TellPeer(string text)
    {
        surroundings.Events.Emit("ticket", json => json.WriteString("ticket", text));
        Write(surroundings.Output, $"Tell this to your peer: {text}");
        if (!surroundings.TakesClipboard) return;
        lock (_gate)
        {
            surroundings.Output.Write($"\e]52;c;{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))}\a");
            surroundings.Output.Flush();
        }
    }

    /// <summary>A ticket as a QR code, for a camera; at a terminal only.</summary>
    public void ShowCode(string ticket)
    {
        if (verbosity == Verbosity.Quiet || !surroundings.OutputIsTerminal) return;
        var capitals = ticket.ToUpperInvariant();
        if (QrCode.Of(capitals) is { } code && QrPicture.Draw(code, surroundings.Width(), surroundings.Colour) is { } lines)
            Write(surroundings.Output, string.Join(Environment.NewLine, lines));
        else
            Note("  This window is too narrow for a QR code of the ticket.");
    }

    private void Tell(string line, bool hasEvent)
    {
        if (!hasEvent) surroundings.Events.Emit("message", line);
    }

    private void Write(TextWriter writer, string line)
    {
        lock (_gate)
        {
            // A pipe beside an unfinished line of the other stream disturbs nothing.
            var shared = writer == surroundings.Output || (surroundings.OutputIsTerminal && surroundings.ErrorIsTerminal);
            var prompting = _unfinished == Unfinished.Prompt;
            if (shared) FinishLine();
            writer.WriteLine(line);
            if (!shared || !prompting) return;
            _unfinished = Unfinished.Prompt;
            surroundings.Output.Write(_prompt);
            surroundings.Output.Flush();
        }
    }

    private void FinishLine()
    {
        if (_unfinished != Unfinished.None) surroundings.Output.WriteLine();
        ForgetLine();
    }

    private void ForgetLine() => (_unfinished, _progressColumns, _isProgressDouble) = (Unfinished.None, 0, false);
}
