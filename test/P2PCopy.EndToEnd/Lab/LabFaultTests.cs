using P2PCopy.EndToEnd.Cli;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>What happens when a copy goes wrong in the middle: nobody waits for ever, nothing half-done looks whole.</summary>
public sealed class LabFaultTests : IDisposable
{
    // A copy of 30 MB takes about 13 s here: time enough for accidents.
    private const string SlowLink = "--rate 20M --delay 5ms --queue 64k";
    private const int LongFile = 30_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string[] Alone = [CopyPair.Legacy, "--stun", "none", "--ntp", "none"];

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabFaultTests() => _net = new LabTopology(_lab);

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task A_killed_program_is_noticed_by_its_peer_within_a_minute()
    {
        // Both cases wait for the same 46 s of silence, so they do it together.
        var copies = await Task.WhenAll(StartSlowCopyAsync("one"), StartSlowCopyAsync("two"));
        var (first, second) = (copies[0], copies[1]);
        first.Sender.Process.Kill();
        second.Receiver.Process.Kill();
        await Task.WhenAll(first.Receiver.AssertEndsAsync(5, Limit), second.Sender.AssertEndsAsync(5, Limit));
        Assert.False(File.Exists(first.Copy.TargetFile));
        Assert.False(File.Exists(second.Copy.TargetFile));
    }

    [LabFact]
    public async Task Ctrl_C_of_the_sender_ends_both_at_once()
    {
        var (copy, sender, receiver) = await StartSlowCopyAsync("one");
        sender.Process.Signal("INT");
        await sender.AssertEndsAsync(130, TimeSpan.FromSeconds(10));
        await receiver.AssertEndsAsync(5, TimeSpan.FromSeconds(10));
        Assert.False(File.Exists(copy.TargetFile));
    }

    [LabFact]
    public async Task Ctrl_C_of_the_receiver_ends_both_at_once()
    {
        var (copy, sender, receiver) = await StartSlowCopyAsync("one");
        receiver.Process.Signal("INT");
        await receiver.AssertEndsAsync(130, TimeSpan.FromSeconds(10));
        await sender.AssertEndsAsync(5, TimeSpan.FromSeconds(10));
        Assert.False(File.Exists(copy.TargetFile));
    }

    [LabFact]
    public async Task Ctrl_C_at_the_prompt_ends_the_program()
    {
        var copy = new LabCopy(_net.AddHost("sender"), _net.AddHost("receiver"), Alone).WithBytes(1);
        var sender = copy.StartSender();
        await sender.AddressAsync();
        sender.Process.Signal("INT");
        await sender.AssertEndsAsync(130, TimeSpan.FromSeconds(10));
    }

    [LabFact]
    public async Task A_full_disk_of_the_receiver_is_said_on_its_side_and_ends_both()
    {
        var (copy, sender, receiver) = await StartWithPreparedDiskAsync("mount -t tmpfs -o size=4m tmpfs");
        await receiver.AssertEndsAsync(7, Limit);
        await AssertEndsWithOneOfAsync(sender, 4, 5);
        Assert.Empty(Directory.GetFiles(copy.TargetFolder));
    }

    [LabFact]
    public async Task A_folder_that_cannot_be_written_is_said_on_its_side_and_ends_both()
    {
        var (copy, sender, receiver) = await StartWithPreparedDiskAsync("mount -t tmpfs -o ro tmpfs");
        await receiver.AssertEndsAsync(7, Limit);
        await AssertEndsWithOneOfAsync(sender, 4, 5);
        Assert.Empty(Directory.GetFiles(copy.TargetFolder));
    }

    private static async Task AssertEndsWithOneOfAsync(ProgramRun program, params int[] codes)
    {
        Assert.Contains(await program.Process.WaitForExitAsync(Limit), codes);
        Assert.DoesNotContain("   at ", program.Process.Transcript, StringComparison.Ordinal);
    }

    private async Task<(LabCopy Copy, ProgramRun Sender, ProgramRun Receiver)> StartSlowCopyAsync(string name)
    {
        var copy = new LabCopy(await _net.AddHostAsync($"sender-{name}", SlowLink), _net.AddHost($"receiver-{name}"), Alone);
        var (sender, receiver) = await copy.WithBytes(LongFile).ConnectAsync();
        await copy.WaitUntilUnderWayAsync();
        return (copy, sender, receiver);
    }

    // Root may write everywhere but on a disk that is full or read-only; the receiver alone sees it so.
    private async Task<(LabCopy Copy, ProgramRun Sender, ProgramRun Receiver)> StartWithPreparedDiskAsync(string mount)
    {
        var host = _net.AddHost("receiver");
        var copy = new LabCopy(_net.AddHost("sender"), host, Alone).WithBytes(20_000_000);
        var receiver = host.StartProgramAfter($"{mount} '{copy.TargetFolder}'", ["receiver", "--to", copy.TargetFolder, "--yes", .. Alone]);
        var sender = copy.StartSender();
        await copy.PasteAsync(sender, receiver);
        return (copy, sender, receiver);
    }
}
