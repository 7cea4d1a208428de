using P2PCopy.EndToEnd.Interop;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// A peer that speaks as the first p2pcopy does, by the reference library, and a user who did not ask for that: what is pasted decides
/// whether the peer is heard at all, and nothing goes in clear without a yes.
/// </summary>
[Collection(LabCollection.Name)]
public sealed class LabSealedOriginalTests : IDisposable
{
    private const int OriginalPort = 21300;
    private const string OriginalWindows = "--window 65536 --send-buffer 65536 --receive-buffer 65536";
    private const string Warning = "Your peer runs the original p2pcopy, which cannot encrypt: anyone on the way can read and change the file.";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string[] Alone = ["--stun", "none", "--ntp", "none"];

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;

    public LabSealedOriginalTests() => _net = new LabTopology(_lab);

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public Task An_original_peer_at_a_bare_address_is_met_only_by_consent() => Task.WhenAll(
        ConsentAsync("yes", "y"), ConsentAsync("empty", ""), PipeAsync());

    [LabFact]
    public async Task An_original_peer_is_not_heard_where_a_ticket_was_pasted()
    {
        // The ticket is of a program that was there a moment ago, so the handshakes come from the very address that it tells.
        var (copy, theirs) = MakeCopy("ticket");
        using (var before = copy.StartSender("--localport", $"{OriginalPort}"))
        {
            var ticket = await before.AddressAsync();
            before.Process.Kill();
            await before.ExitAsync();
            var ours = copy.StartReceiverInTerminal("--timeout", "5", "--verbose");
            using var original = StartOriginal(theirs, copy, await ours.AddressAsync());
            ours.Type(ticket);
            var said = await ours.AssertEndsAsync(3, Limit);
            Assert.DoesNotContain("original p2pcopy, which", said, StringComparison.Ordinal);
            Assert.False(original.Process.HasExited, original.Process.Transcript);
            Assert.DoesNotContain("\nconnected", original.Process.Transcript, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFiles(copy.TargetFolder));
    }

    private async Task ConsentAsync(string name, string answer)
    {
        var (copy, theirs) = MakeCopy(name);
        var ours = copy.StartReceiverInTerminal();
        using var original = StartOriginal(theirs, copy, await ours.AddressAsync());
        ours.Type($"{theirs.Address}:{OriginalPort}");
        await ours.SeeAsync("Continue? [y/N] ");
        Assert.Contains(Warning, ours.Output, StringComparison.Ordinal);
        ours.Type(answer);
        if (answer.Length == 0)
        {
            await ours.AssertEndsAsync(4, Limit);
            Assert.Empty(Directory.GetFiles(copy.TargetFolder));
            return;
        }

        await ours.SeeAsync("Receive it? [Y/n] ");
        ours.Type("");
        await ours.AssertEndsAsync(0, Limit);
        await original.FinishAsync();
        await copy.AssertSameFileAsync();
    }

    private async Task PipeAsync()
    {
        var (copy, theirs) = MakeCopy("pipe");
        var ours = copy.StartReceiver();
        using var original = StartOriginal(theirs, copy, await ours.AddressAsync());
        ours.Type($"{theirs.Address}:{OriginalPort}");
        Assert.Contains("Start with --legacy to copy without encryption.", await ours.AssertEndsAsync(4, Limit), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(copy.TargetFolder));
    }

    private (LabCopy Copy, LabHost Theirs) MakeCopy(string name)
    {
        var (theirs, ours) = (_net.AddHost($"theirs-{name}"), _net.AddHost($"ours-{name}"));
        return (new LabCopy(theirs, ours, Alone).Named(name).WithBytes(500_000), theirs);
    }

    private static ReferencePeer StartOriginal(LabHost theirs, LabCopy copy, string ourTicket)
    {
        var words = $"rendezvous --local {theirs.Address}:{OriginalPort} --peer {ProgramRun.BareAddress(ourTicket)} {OriginalWindows} --framing-send {copy.SourceFile}";
        return ReferencePeer.Start(theirs.Machine, words.Split(' '));
    }
}
