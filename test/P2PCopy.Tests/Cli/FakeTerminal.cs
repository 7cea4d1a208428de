using System.IO.Pipes;
using System.Text;
using P2PCopy.Cli.Terminal;

namespace P2PCopy.Tests.Cli;

/// <summary>The world of a command as memory: what was typed, what is printed, what is set.</summary>
internal sealed class FakeTerminal : IDisposable
{
    private readonly AnonymousPipeServerStream _keyboard = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _input;
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _error = new() { NewLine = "\n" };

    private readonly TextWriter _synchronizedOutput;
    private readonly TextWriter _synchronizedError;

    public FakeTerminal()
    {
        _input = new AnonymousPipeClientStream(PipeDirection.In, _keyboard.ClientSafePipeHandle);
        (_synchronizedOutput, _synchronizedError) = (TextWriter.Synchronized(_output), TextWriter.Synchronized(_error));
    }

    public Dictionary<string, string> Variables { get; } = [];

    public int Width { get; set; } = 80;

    public string Output => Read(_synchronizedOutput, _output);

    public string Error => Read(_synchronizedError, _error);

    public void Type(string text) => _keyboard.Write(Encoding.UTF8.GetBytes(text));

    public void EndInput() => _keyboard.Dispose();

    public Surroundings Surroundings(bool terminal) => new()
    {
        Output = _synchronizedOutput,
        Error = _synchronizedError,
        Input = _input,
        InputIsTerminal = terminal,
        OutputIsTerminal = terminal,
        ErrorIsTerminal = terminal,
        Width = () => Width,
        Variable = name => Variables.GetValueOrDefault(name),
    };

    public void Dispose()
    {
        _keyboard.Dispose();
        _input.Dispose();
    }

    /// <summary>A synchronised writer holds itself while it writes, and a builder that is read meanwhile may throw.</summary>
    private static string Read(TextWriter synchronized, StringWriter text)
    {
        lock (synchronized) return text.ToString();
    }
}
