using P2PCopy.EndToEnd.Cli;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>Files at the edges of size, between two hosts on an unshaped link.</summary>
public sealed class LabFileTests : IDisposable
{
    private readonly NetworkLab _lab = new();
    private readonly LabCopy _copy;

    public LabFileTests()
    {
        var net = new LabTopology(_lab);
        _copy = new LabCopy(net.AddHost("sender"), net.AddHost("receiver"), CopyPair.Legacy, "--stun", "none", "--ntp", "none");
    }

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task An_empty_file_arrives()
    {
        var (sender, receiver) = await _copy.WithBytes(0).ConnectAsync();
        await _copy.AssertDoneAsync(sender, receiver, TimeSpan.FromSeconds(60));
    }

    [LabFact]
    public async Task A_file_longer_than_32_bits_can_say_arrives_whole()
    {
        var (sender, receiver) = await _copy.WithSparseBytes((1L << 32) + 12_345).ConnectAsync();
        await _copy.AssertDoneAsync(sender, receiver, TimeSpan.FromMinutes(5));
    }
}
