using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace P2PCopy.Cli.Terminal;

/// <summary>
/// What happens, for programs: with <c>--json</c> one JSON object a line on standard output, as docs/json.md describes them; without it
/// nothing. A reader that goes away ends nothing.
/// </summary>
/// <param name="open">Opens standard output as bytes.</param>
internal sealed class EventStream(Func<Stream> open)
{
    /// <summary>The first event says it: readers can tell which document describes the rest.</summary>
    public const int Version = 1;

    private static readonly Lazy<JsonWriterOptions> Options = new(static () => new JsonWriterOptions { Encoder = MakeEncoder() });

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _line = new(512);
    private Stream? _output;

    /// <summary>Whether anybody wants to know.</summary>
    public bool IsOn { get; private set; }

    /// <summary>From now on everything is told.</summary>
    public void TurnOn()
    {
        if (IsOn) return;
        IsOn = true;
        Emit("start", static json => json.WriteNumber("version", Version));
    }

    /// <summary>Tells an event.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="fields">Writes what belongs to it.</param>
    public void Emit(string name, Action<Utf8JsonWriter> fields)
    {
        if (!IsOn) return;
        lock (_gate)
        {
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line, Options.Value))
            {
                json.WriteStartObject();
                json.WriteString("event", name);
                fields(json);
                json.WriteEndObject();
            }

            _line.Write("\n"u8);
            try
            {
                _output ??= open();
                _output.Write(_line.WrittenSpan);
                _output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads it any more.
                _output = Stream.Null;
            }
        }
    }

    /// <summary>Tells a text of the program that has no event of its own.</summary>
    public void Emit(string name, string text) => Emit(name, json => json.WriteString("text", Readable(text)));

    /// <summary>
    /// Escapes what a terminal would obey or not show, too: somebody may look at these lines. The framework's own escapes what ends a line
    /// somewhere, and leaves the characters that turn text around.
    /// </summary>
    private static JavaScriptEncoder MakeEncoder()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        for (var value = 0; value <= char.MaxValue; value++)
        {
            if (char.GetUnicodeCategory((char)value) == UnicodeCategory.Format) settings.ForbidCharacter((char)value);
        }

        return JavaScriptEncoder.Create(settings);
    }

    /// <summary>A text whose halves of surrogates, which JSON cannot hold, are marked.</summary>
    public static string Readable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
