using P2PCopy.EndToEnd.Cli;
using P2PCopy.EndToEnd.Interop;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// Our program against what the first p2pcopy says: its framing, its handshake type and windows, its stop-and-wait, spoken by the
/// reference library, since that program itself cannot be built from here.
/// </summary>
public sealed class LabOriginalTests : IDisposable
{
    private const string OriginalWindows = "--window 65536 --send-buffer 65536 --receive-buffer 65536";
    private const int OriginalPort = 21300;

    private static readonly string[] Words = [CopyPair.Legacy, "--stun", "none", "--ntp", "none"];

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabOriginalTests() => _net = new LabTopology(_lab);

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public Task It_receives_what_we_send() => Task.WhenAll(SendAsync(0), SendAsync(3_000_000));

    [LabFact]
    public Task We_receive_what_it_sends() => Task.WhenAll(ReceiveAsync(0), ReceiveAsync(3_000_000));

    private async Task SendAsync(int size)
    {
        var (ours, theirs) = (_net.AddHost($"ours-{size}"), _net.AddHost($"theirs-{size}"));
        var copy = new LabCopy(ours, theirs, Words).WithBytes(size);
        await FinishAsync(copy, copy.StartSender(), theirs, $"--framing-receive {copy.TargetFolder}");
    }

    private async Task ReceiveAsync(int size)
    {
        var (ours, theirs) = (_net.AddHost($"ours-{size}"), _net.AddHost($"theirs-{size}"));
        var copy = new LabCopy(theirs, ours, Words).WithBytes(size);
        await FinishAsync(copy, copy.StartReceiver(), theirs, $"--framing-send {copy.SourceFile}");
    }

    private static async Task FinishAsync(LabCopy copy, ProgramRun ours, LabHost theirs, string framing)
    {
        var original = $"{theirs.Address}:{OriginalPort}";
        var words = $"rendezvous --local {original} --peer {await ours.AddressAsync()} {OriginalWindows} {framing}";
        using var peer = ReferencePeer.Start(theirs.Machine, words.Split(' '));
        ours.Type(original);
        await ours.AssertEndsAsync(0, TimeSpan.FromSeconds(90));
        TestContext.Current.TestOutputHelper?.WriteLine(await peer.FinishAsync());
        await copy.AssertSameFileAsync();
    }
}
