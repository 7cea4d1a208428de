using P2PCopy.EndToEnd.Lab;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>The reference peer against itself: what others measure with it must be right first.</summary>
[Collection(LabCollection.Name)]
public sealed class ReferencePeerTests
{
    [InteropFact]
    public async Task It_sends_to_itself_what_it_expects()
    {
        using var listener = ReferencePeer.Start(null, "listener", "--receive", "50000003", "--send", "1001", "--chunk", "10");
        var port = await listener.ReadPortAsync();
        using var caller = ReferencePeer.Start(
            null, "caller", "--peer", $"127.0.0.1:{port}", "--send", "50000003", "--send-seed", "2", "--receive", "1001", "--receive-seed", "1");
        Assert.StartsWith("transferred sent=50000003 received=1001 ", await caller.FinishAsync(), StringComparison.Ordinal);
        Assert.StartsWith("transferred sent=1001 received=50000003 ", await listener.FinishAsync(), StringComparison.Ordinal);
    }

    [InteropFact]
    public async Task It_notices_a_stream_that_is_not_the_expected_one()
    {
        using var listener = ReferencePeer.Start(null, "listener", "--receive", "1000", "--receive-seed", "2");
        var port = await listener.ReadPortAsync();
        using var caller = ReferencePeer.Start(null, "caller", "--peer", $"127.0.0.1:{port}", "--send", "1000", "--send-seed", "3", "--until-closed");
        Assert.Equal(3, await listener.Process.WaitForExitAsync(TimeSpan.FromSeconds(60)));
    }
}
