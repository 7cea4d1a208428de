using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Our program in front of a user of the lab: what it tells is read, what it asks is answered.</summary>
internal sealed class LabProgram(RealProcess process)
{
    private const string TellLine = "Tell this to your peer: ";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The built program.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "p2pcopy");

    public RealProcess Process => process;

    public static LabProgram Start(LabHost host, params string[] words) => new(host.Machine.Start(Path, words));

    /// <summary>Starts it behind a shell command that prepares its view of the disks and is over before it: mounts end with it.</summary>
    public static LabProgram StartAfter(LabHost host, string preparation, params string[] words) =>
        new(host.Machine.Start("unshare", ["--mount", "sh", "-c", $"{preparation} && exec \"$0\" \"$@\"", Path, .. words]));

    /// <summary>The line that the user is to paste to the peer.</summary>
    public async Task<string> ReadTicketAsync() => (await process.WaitForLineAsync(TellLine, Limit))[TellLine.Length..];

    /// <summary>Answers the prompt.</summary>
    public void Enter(string line)
    {
        process.Input.WriteLine(line);
        process.Input.Flush();
    }

    public Task WaitUntilConnectedAsync() => process.WaitForWordsAsync("Connected", Limit);

    /// <summary>Presses Ctrl+C.</summary>
    public void Interrupt() => process.Signal(2);

    /// <summary>Waits for the end and fails when it is another than this; gives everything that was said.</summary>
    public async Task<string> AssertEndsAsync(int exitCode, TimeSpan limit)
    {
        if (await process.WaitForExitAsync(limit) is var actual && actual != exitCode)
            Assert.Fail($"Ended with {actual}, not {exitCode}:\n{process.Transcript}");
        Assert.DoesNotContain("   at ", process.Transcript, StringComparison.Ordinal);
        return process.Transcript;
    }
}
