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

    public FakeTerminal() => _input = new AnonymousPipeClientStream(PipeDirection.In, _keyboard.ClientSafePipeHandle);

    public Dictionary<string, string> Variables { get; } = [];

    public int Width { get; set; } = 80;

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public void Type(string text) => _keyboard.Write(Encoding.UTF8.GetBytes(text));

    public void EndInput() => _keyboard.Dispose();

    public Surroundings Surroundings(bool terminal) => new()
    {
        Output = TextWriter.Synchronized(_output),
        Error = TextWriter.Synchronized(_error),
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
}
