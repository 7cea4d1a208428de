using System.Text.Json;
using P2PCopy.EndToEnd.Copy;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>What a user sees of measuring, with real programs.</summary>
public sealed class BenchTests : IDisposable
{
    private static readonly string[] Offline = ["--stun", "none", "--ntp", "none", "--portmap", "off"];

    private readonly CopyPair _pair = new();
    private readonly EventSchema _schema = new();

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task This_computer_is_measured_with_both_ends_and_its_disk()
    {
        using var run = ProgramRun.Start("bench", "--seconds", "1");

        Assert.True(await run.ExitAsync() == 0, run.ToString());
        Assert.Matches(@"This computer, with both ends on it: [\d.]+ [MG]bit/s \([\d.]+ [MG]B/s\), encrypted", run.Output);
        Assert.Matches(@"The disk of \S+: writes [\d.]+ [MG]B/s", run.Output);
        Assert.Contains("'p2pcopy bench --wait'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_ticket_is_enough_to_measure_a_path_and_both_sides_tell_the_same()
    {
        using var waiting = ProgramRun.Start(["bench", "--wait", "--json", .. Offline]);
        var ticket = Find(await waiting.Process.WaitForWordsAsync("\"ticket\"", TimeSpan.FromSeconds(90)), "ticket").GetProperty("ticket").GetString()!;
        using var measuring = ProgramRun.Start(["bench", ticket, "--seconds", "3", "--json", "--limit", "20M", .. Offline]);
        Assert.True(await measuring.ExitAsync() == 0, measuring.ToString());
        Assert.True(await waiting.ExitAsync() == 0, waiting.ToString());

        var (here, there) = (Measured(measuring.Output), Measured(waiting.Output));
        Assert.Equal(["toPeer", "fromPeer"], here.Keys);
        Assert.Equal(here["toPeer"].GetProperty("bytes").GetInt64(), there["fromPeer"].GetProperty("bytes").GetInt64());
        Assert.Equal(here["fromPeer"].GetProperty("bytes").GetInt64(), there["toPeer"].GetProperty("bytes").GetInt64());
        Assert.InRange(here["toPeer"].GetProperty("laterBytesPerSecond").GetInt64(), 1, 21_000_000);
        Assert.Matches(@"From your peer: [\d.]+ [MG]bit/s", measuring.Error);
        Assert.DoesNotContain("words", waiting.Error.Replace("Words:", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_and_a_port_lead_to_who_waits()
    {
        using var waiting = ProgramRun.Start(["bench", "--wait", .. Offline]);
        var port = ProgramRun.BareAddress(await waiting.AddressAsync()).Split(':')[^1];
        using var measuring = ProgramRun.Start(["bench", $"localhost:{port}", "--seconds", "1", .. Offline]);
        waiting.Type($"127.0.0.1:{ProgramRun.BareAddress(await measuring.AddressAsync()).Split(':')[^1]}");

        Assert.True(await measuring.ExitAsync() == 0, measuring.ToString());
        Assert.True(await waiting.ExitAsync() == 0, waiting.ToString());
        Assert.Contains("To your peer: ", measuring.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_copies_cannot_be_measured_and_is_told_why()
    {
        using var receiver = _pair.StartReceiver("--yes");
        using var measuring = ProgramRun.Start(["bench", await receiver.AddressAsync(), .. Offline]);
        receiver.Type(await measuring.AddressAsync());

        Assert.Equal((4, 4), (await measuring.ExitAsync(), await receiver.ExitAsync()));
        Assert.Contains("Your peer runs 'p2pcopy receiver', not 'p2pcopy bench'.", measuring.Error, StringComparison.Ordinal);
        Assert.Contains("Your peer runs 'p2pcopy bench', which copies nothing.", receiver.Error, StringComparison.Ordinal);
        Assert.Empty(_pair.Target.GetFileSystemInfos());
    }

    [Fact]
    public async Task Two_who_wait_are_told_so()
    {
        using var one = ProgramRun.Start(["bench", "--wait", .. Offline]);
        using var other = ProgramRun.Start(["bench", "--wait", .. Offline]);
        one.Type(await other.AddressAsync());

        Assert.Equal(1, await one.ExitAsync());
        Assert.Contains("Your peer waits, too.", one.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_side_that_is_interrupted_ends_the_other_with_a_sentence()
    {
        Assert.SkipUnless(ProgramRun.HasTerminals, "needs a pseudo-terminal");
        using var waiting = ProgramRun.Start(["bench", "--wait", .. Offline]);
        using var measuring = ProgramRun.StartInTerminal(100, ["bench", await waiting.AddressAsync(), "--seconds", "60", .. Offline]);
        await measuring.SeeAsync("s of 60 s");
        measuring.PressControlC();

        Assert.Equal(130, await measuring.ExitAsync());
        Assert.Equal(5, await waiting.ExitAsync());
        Assert.Contains("The peer stopped the measurement. It says: \"The measurement was interrupted.\"", waiting.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Either HOST is measured or --wait", "somewhere:1", "--wait")]
    [InlineData("from 1 to 60", "--seconds", "61")]
    [InlineData("from 1 to 60", "--seconds", "x")]
    [InlineData("not with --wait", "--wait", "--seconds", "5")]
    [InlineData("A name needs a port", "example")]
    [InlineData("has no port", "188.44.136.7")]
    [InlineData("neither a ticket nor an address", "a:b:c")]
    public async Task Nonsense_is_refused_with_a_sentence(string sentence, params string[] words)
    {
        using var run = ProgramRun.Start(["bench", .. words]);

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cd /proc")]
    [InlineData("mkdir gone && cd gone && rmdir ../gone")]
    public async Task A_folder_that_cannot_be_written_is_said_to_be_so(string enter)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a folder that nobody can write to");
        using var folder = new TemporaryFolder();
        using var run = new ProgramRun(RealProcess.Start("sh", "-c", $"cd '{folder.Path}' && {enter} && exec '{ProgramRun.File}' bench --seconds 1"));

        Assert.True(await run.ExitAsync() == 0, run.ToString());
        Assert.Contains("was not measured", run.Error, StringComparison.Ordinal);
    }

    private Dictionary<string, JsonElement> Measured(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => _schema.Check(line) == "measured")
        .Select(static line => JsonDocument.Parse(line).RootElement.Clone())
        .ToDictionary(static json => json.GetProperty("what").GetString()!);

    private static JsonElement Find(string line, string name)
    {
        var json = JsonDocument.Parse(line).RootElement.Clone();
        Assert.Equal(name, json.GetProperty("event").GetString());
        return json;
    }
}
