using System.Text;
using System.Text.Json;
using CsCheck;
using P2PCopy.Cli.Terminal;

namespace P2PCopy.Tests.Cli;

public sealed class EventStreamTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String,
        Gen.OneOf("\",\"done\":true,\"x\":\"", "\n{\"event\":\"end\",\"exitCode\":0}", "\u2028\u2029\u0085\v\f", "\ud800", "\\u0022", "\u001b[2J\u202E", "写真 📷", "</script>"));

    [Fact]
    public void Any_text_stays_one_value_on_one_line() => Gen.Select(Text, Text).Sample(
        static (one, other) =>
        {
            var bytes = new MemoryStream();
            var events = new EventStream(() => bytes);
            events.TurnOn();
            events.Emit("message", one + other);

            var lines = Encoding.UTF8.GetString(bytes.ToArray()).Split('\n');
            Assert.Equal(3, lines.Length);
            // Some readers end a line at each of these.
            Assert.DoesNotContain(lines[1], static letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\u202E');
            using var json = JsonDocument.Parse(lines[1]);
            Assert.Equal(2, json.RootElement.EnumerateObject().Count());
            Assert.Equal(EventStream.Readable(one + other), json.RootElement.GetProperty("text").GetString());
        },
        iter: 5000);

    [Fact]
    public void What_has_an_event_of_its_own_is_no_message_too()
    {
        var bytes = new MemoryStream();
        var events = new EventStream(() => bytes);
        events.TurnOn();
        using var terminal = new FakeTerminal();
        var screen = new Screen(terminal.Surroundings(false) with { Events = events }, Verbosity.Normal);
        screen.Essential("essential", hasEvent: true);
        screen.Result("result", hasEvent: true);
        screen.Note("note", hasEvent: true);
        screen.Note("said");

        Assert.Equal("essential\nresult\n", terminal.Output);
        Assert.Equal("note\nsaid\n", terminal.Error);
        Assert.Equal("{\"event\":\"message\",\"text\":\"said\"}\n", Encoding.UTF8.GetString(bytes.ToArray()).Split('\n', 2)[1]);
    }
}
