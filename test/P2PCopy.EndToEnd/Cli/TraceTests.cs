using System.Text.Json;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>What <c>--trace</c> leaves behind, held against docs/trace.md.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly CopyPair _pair = new();
    private readonly EventSchema _schema = new("docs/trace.md");

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_sides_trace_what_the_connection_goes_through_and_nothing_private(bool isSealed)
    {
        string[] words = isSealed ? [] : [CopyPair.Legacy];
        using var sender = _pair.StartSender(_pair.CreateFile("secret-name.bin", 3_000_000), [.. words, "--trace", Trace("sender")]);
        using var receiver = _pair.StartReceiver(["--yes", .. words, "--trace", Trace("receiver")]);
        if (isSealed) await ProgramRun.IntroduceAsync(sender, receiver);
        else await ProgramRun.IntroduceByAddressAsync(sender, receiver);
        Assert.Equal((0, 0), (await sender.ExitAsync(), await receiver.ExitAsync()));

        var (sent, received) = (Read("sender"), Read("receiver"));
        Assert.Equal(isSealed ? ["start", "machine", "link", "transport"] : ["start", "machine", "transport"], sent.Select(_schema.Check).Distinct());
        Assert.Equal(sent.Select(_schema.Check).Distinct(), received.Select(_schema.Check).Distinct());
        Assert.True(Number(sent[^1], "sent") > 2000, sent[^1]);
        Assert.True(Number(sent[^1], "acknowledgedBytes") > 3_000_000, sent[^1]);
        Assert.True(Number(received[^1], "receivedBytes") > 3_000_000, received[^1]);
        var times = sent.Skip(1).Select(line => Number(line, "microseconds")).ToArray();
        Assert.Equal(times.Order(), times);
        Assert.DoesNotContain(sent.Concat(received), line => line.Contains("secret-name", StringComparison.Ordinal) || line.Contains(_pair.Source.FullName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_run_is_written_behind_the_first()
    {
        var file = Trace("receiver");
        await File.WriteAllTextAsync(file, "mine\n", TestContext.Current.CancellationToken);
        using var receiver = _pair.StartReceiver("--trace", file);
        await receiver.AddressAsync();
        receiver.Process.Signal("INT");
        Assert.Equal(130, await receiver.ExitAsync());

        var lines = Read("receiver");
        Assert.Equal("mine", lines[0]);
        Assert.Equal(["start", "machine"], lines.Skip(1).Select(_schema.Check));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_before_anything_else()
    {
        using var receiver = _pair.StartReceiver("--trace", Path.Combine(_pair.Source.FullName, "no", "folder"));
        Assert.Equal(7, await receiver.ExitAsync());
        Assert.Contains("The trace cannot be written.", receiver.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Tell this to your peer", receiver.Output, StringComparison.Ordinal);
    }

    private string Trace(string side) => Path.Combine(_pair.Source.FullName, $"{side}.trace");

    private string[] Read(string side) => File.ReadAllLines(Trace(side));

    private static long Number(string line, string field)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(field).GetInt64();
    }
}
