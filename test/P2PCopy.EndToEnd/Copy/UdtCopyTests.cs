using System.Net;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;
using P2PCopy.Udt.IO;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>The same copies over real UDT sockets that meet by rendezvous, as two programs do.</summary>
public sealed class UdtCopyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50_000_000)]
    public async Task A_file_arrives_whole(long size)
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", size));
        await using var pair = await UdtPair.MeetAsync();

        var sending = new CopyRunner(pair.A).SendAsync(source, new SendOptions { Hash = true }, CancellationToken.None);
        var receiving = new CopyRunner(pair.B).ReceiveAsync(new ReceiveOptions { Folder = to.Path, Hash = true }, CopyPair.Accept, CancellationToken.None);
        await CopyPair.EndAsync(sending, receiving);

        Assert.Equal(OutcomeKind.Done, (await sending).Kind);
        Assert.Equal(OutcomeKind.Done, (await receiving).Kind);
        Assert.Equal((await sending).Sha256, (await receiving).Sha256);
        Assert.Equal(size, new FileInfo(to["a.bin"]).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50_000_000)]
    public async Task A_refusal_reaches_the_sender(long size)
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", size));
        await using var pair = await UdtPair.MeetAsync();

        var sending = new CopyRunner(pair.A).SendAsync(source, new SendOptions(), CancellationToken.None);
        var receiving = new CopyRunner(pair.B).ReceiveAsync(
            new ReceiveOptions { Folder = to.Path }, (_, _) => ValueTask.FromResult(OfferDecision.Refuse("No.")), CancellationToken.None);
        await CopyPair.EndAsync(sending, receiving);

        Assert.Equal(OutcomeKind.Refused, (await sending).Kind);
        Assert.Equal(OutcomeKind.Refused, (await receiving).Kind);
        Assert.Empty(to.Names);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interrupt_on_either_side_ends_the_other(bool bySender)
    {
        using var from = new TemporaryFolder();
        using var to = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 200_000_000));
        using var interrupt = new CancellationTokenSource();
        await using var pair = await UdtPair.MeetAsync();

        var sending = new CopyRunner(pair.A).SendAsync(source, new SendOptions(), bySender ? interrupt.Token : CancellationToken.None);
        var receiving = new CopyRunner(pair.B, _ => interrupt.Cancel()).ReceiveAsync(
            new ReceiveOptions { Folder = to.Path }, CopyPair.Accept, bySender ? CancellationToken.None : interrupt.Token);
        await CopyPair.EndAsync(sending, receiving);

        Assert.Equal(bySender ? OutcomeKind.Interrupted : OutcomeKind.BrokenOff, (await sending).Kind);
        Assert.Equal(bySender ? OutcomeKind.BrokenOff : OutcomeKind.Interrupted, (await receiving).Kind);
        Assert.Empty(to.Names);
    }

    private sealed class UdtPair : IAsyncDisposable
    {
        private readonly UdtSocket _left = UdtSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        private readonly UdtSocket _right = UdtSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        public required CopyConnection A { get; set; }

        public required CopyConnection B { get; set; }

        public static async Task<UdtPair> MeetAsync()
        {
            var pair = new UdtPair { A = null!, B = null! };
            var cancellation = TestContext.Current.CancellationToken;
            var left = pair._left.RendezvousAsync(pair._right.LocalEndpoint, cancellation);
            var right = pair._right.RendezvousAsync(pair._left.LocalEndpoint, cancellation);
            pair.A = CopyConnection.Over(await left);
            pair.B = CopyConnection.Over(await right);
            return pair;
        }

        public async ValueTask DisposeAsync()
        {
            await _left.DisposeAsync();
            await _right.DisposeAsync();
        }
    }
}
