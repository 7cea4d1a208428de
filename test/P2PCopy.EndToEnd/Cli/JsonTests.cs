using System.Text.Json;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>What programs read of a real copy, held against docs/json.md.</summary>
public sealed class JsonTests : IDisposable
{
    private readonly CopyPair _pair = new("--json");
    private readonly EventSchema _schema = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task Both_sides_of_a_copy_tell_what_happens_as_documented()
    {
        _pair.CreateFile("first.bin", 3_000_000);
        _pair.CreateFile("näme 2.bin", 10);
        using var receiver = _pair.StartReceiver("--yes", "--verbose");
        using var sender = _pair.StartSender(_pair.Source.FullName, "--verbose");
        await ProgramRun.IntroduceAsync(sender, receiver);
        Assert.Equal((0, 0), (await sender.ExitAsync(), await receiver.ExitAsync()));

        var (sent, received) = (Check(sender.Output), Check(receiver.Output));
        Assert.Equal(["start", "ticket", "question", "connected", "offer", "progress", "file", "summary", "message", "end"], [.. sent.Distinct().OrderBy(IndexOf)]);
        Assert.Equal(sent.Distinct().OrderBy(IndexOf), received.Distinct().OrderBy(IndexOf));
        Assert.Equal(2, received.Count(name => name == "file"));
        var summary = Find(receiver.Output, "summary");
        Assert.True(summary.GetProperty("done").GetBoolean());
        Assert.Equal((2, 3_000_010), (summary.GetProperty("files").GetInt32(), summary.GetProperty("bytes").GetInt64()));
        Assert.Contains("Received 2 files", receiver.Error, StringComparison.Ordinal);
        Assert.Contains(receiver.Output.Split('\n'), line => line.Contains("näme 2.bin", StringComparison.Ordinal) && line.Contains("\"sha256\"", StringComparison.Ordinal));

        int IndexOf(string name) => Array.IndexOf(["start", "ticket", "question", "connected", "offer", "progress", "file", "summary", "message", "end"], name);
    }

    [Fact]
    public async Task A_refusal_is_told_with_its_reason_and_exit_code()
    {
        using var receiver = _pair.StartReceiver();
        using var sender = _pair.StartSender(_pair.CreateFile("a.bin", 1000));
        await ProgramRun.IntroduceAsync(sender, receiver);
        await sender.ExitAsync();
        await receiver.ExitAsync();

        foreach (var run in (ProgramRun[])[sender, receiver])
        {
            Assert.Equal("end", Check(run.Output)[^1]);
            Assert.Equal(4, Find(run.Output, "end").GetProperty("exitCode").GetInt32());
            Assert.False(Find(run.Output, "summary").GetProperty("done").GetBoolean());
            Assert.NotEmpty(Find(run.Output, "error").GetProperty("text").GetString()!);
        }
    }

    [Fact]
    public async Task Events_and_content_cannot_share_standard_output()
    {
        using var receiver = ProgramRun.Start("receiver", "-", "--json");
        Assert.Equal(1, await receiver.ExitAsync());
        Assert.Contains("Standard output cannot hold both", receiver.Error, StringComparison.Ordinal);
    }

    private List<string> Check(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(_schema.Check)];

    private static JsonElement Find(string output, string name) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.Clone()).Last(json => json.GetProperty("event").GetString() == name);
}
