namespace P2PCopy.Cli.Terminal;

/// <summary>What the program stands in: streams, terminal or not, environment. The one place where a test replaces the world.</summary>
internal sealed record Surroundings
{
    private const int WidthWhenUnknown = 80;
    private const int LeastName = 20;
    private const int WidestName = 120;

    /// <summary>Standard output.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Standard input, as bytes.</summary>
    public required Stream Input { get; init; }

    /// <summary>Opens standard output as bytes.</summary>
    public Func<Stream> OpenOutput { get; init; } = () => Stream.Null;

    /// <summary>What happens, for programs; silent unless it is turned on.</summary>
    public EventStream Events { get; init; } = new(() => Stream.Null);

    /// <summary>Whether somebody can type.</summary>
    public bool InputIsTerminal { get; init; }

    /// <summary>Whether somebody looks at standard output.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether somebody looks at standard error.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>The columns of the terminal now; asked again and again, as windows are resized.</summary>
    public Func<int> Width { get; init; } = () => WidthWhenUnknown;

    /// <summary>How wide a name may be that stands on a line of its own, indented, and must not wrap; at least 20.</summary>
    public int NameColumns => OutputIsTerminal ? Math.Clamp(Width() - 3, LeastName, WidestName) : WidestName;

    /// <summary>An environment variable, or <see langword="null"/>.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>Whether errors may be coloured: a terminal that is more than dumb, and no NO_COLOR (no-color.org).</summary>
    public bool Colour => ErrorIsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR")) && Variable("TERM") is not "dumb";

    /// <summary>
    /// Whether the terminal may be sent an OSC 52 sequence: unknown ones print it, the Linux console among them, and on Windows only
    /// Windows Terminal is known to take it.
    /// </summary>
    public bool TakesClipboard =>
        OutputIsTerminal
        && (OperatingSystem.IsWindows() ? Variable("WT_SESSION") is not null : Variable("TERM") is not (null or "" or "dumb" or "linux"));

    /// <summary>Whether lines above the last one can be drawn anew.</summary>
    public bool MovesCursor =>
        OutputIsTerminal && (OperatingSystem.IsWindows() ? Variable("WT_SESSION") is not null : Variable("TERM") is not (null or "" or "dumb"));

    /// <summary>The process as it was started.</summary>
    public static Surroundings OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Input = Console.OpenStandardInput(),
        OpenOutput = Console.OpenStandardOutput,
        Events = new EventStream(Console.OpenStandardOutput),
        InputIsTerminal = !Console.IsInputRedirected,
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Width = ConsoleWidth,
        Variable = Environment.GetEnvironmentVariable,
    };

    /// <summary>
    /// The same where standard input is what is sent: questions are answered at the terminal itself, where there is one.
    /// </summary>
    public Surroundings WithInputAsData()
    {
        try
        {
            var terminal = new FileStream(OperatingSystem.IsWindows() ? "CONIN$" : "/dev/tty", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return this with { Input = terminal, InputIsTerminal = true };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return this with { Input = Stream.Null, InputIsTerminal = false };
        }
    }

    /// <summary>The same where standard output is what is received: everything that is said goes to standard error.</summary>
    public Surroundings WithOutputAsData() => this with { Output = Error, OutputIsTerminal = ErrorIsTerminal };

    private static int ConsoleWidth()
    {
        try
        {
            return Console.WindowWidth is > 0 and var columns ? columns : WidthWhenUnknown;
        }
        catch (IOException)
        {
            return WidthWhenUnknown;
        }
    }
}
