using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>Both sides of a copy in this process.</summary>
internal static class CopyPair
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static ValueTask<OfferDecision> Accept(Offer offer, CancellationToken cancellation) => ValueTask.FromResult(OfferDecision.Accept);

    public static FileSource Open(string path)
    {
        Assert.True(FileSource.TryOpen(path, out var source, out var failure), failure?.Sentence);
        return source;
    }

    /// <summary>Waits until all of it is over, at most the limit of a test.</summary>
    public static Task EndAsync(params Task[] parts) => Task.WhenAll(parts).WaitAsync(Limit, TestContext.Current.CancellationToken);

    /// <summary>Copies over a connection in memory; both sides must end within the limit.</summary>
    public static async Task<(CopyOutcome Sent, CopyOutcome Received)> RunAsync(
        string path,
        ReceiveOptions options,
        Func<Offer, CancellationToken, ValueTask<OfferDecision>>? decide = null,
        SendOptions? sendOptions = null)
    {
        using var source = Open(path);
        var (a, b) = DuplexStream.Pair();
        var sending = new CopyRunner(a.Connection).SendAsync(source, sendOptions ?? new SendOptions(), CancellationToken.None);
        var receiving = new CopyRunner(b.Connection).ReceiveAsync(options, decide ?? Accept, CancellationToken.None);
        await EndAsync(sending, receiving);
        return (await sending, await receiving);
    }
}
