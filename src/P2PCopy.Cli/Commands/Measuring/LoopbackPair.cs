using System.Net;
using P2PCopy.Cli.Commands.Sealed;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.Cli.Commands.Measuring;

/// <summary>Both ends of a sealed connection on this computer: real sockets, real packets, nobody to wait for.</summary>
internal sealed class LoopbackPair : IAsyncDisposable
{
    private readonly StaticKey _measuringKey = FreshKey.Create();
    private readonly StaticKey _waitingKey = FreshKey.Create();
    private readonly UdpDriver _measuringDriver = new(UdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0)));
    private readonly UdpDriver _waitingDriver = new(UdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0)));
    private readonly List<IAsyncDisposable> _owned = [];

    private LoopbackPair()
    {
    }

    /// <summary>The end that measures.</summary>
    public UdtStream Measuring { get; private set; } = null!;

    /// <summary>The end that waits for that.</summary>
    public UdtStream Waiting { get; private set; } = null!;

    /// <summary>Lets the two meet.</summary>
    public static async Task<LoopbackPair> MeetAsync(RateSettings rate, CancellationToken cancellation)
    {
        var pair = new LoopbackPair();
        try
        {
            var measuring = pair.OpenAsync(pair._measuringDriver, pair._measuringKey, true, TicketOf(pair._waitingDriver, pair._waitingKey, false), rate, cancellation);
            var waiting = pair.OpenAsync(pair._waitingDriver, pair._waitingKey, false, TicketOf(pair._measuringDriver, pair._measuringKey, true), rate, cancellation);
            (pair.Measuring, pair.Waiting) = (await measuring.ConfigureAwait(false), await waiting.ConfigureAwait(false));
            return pair;
        }
        catch
        {
            await pair.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (var i = _owned.Count - 1; i >= 0; i--) await _owned[i].DisposeAsync().ConfigureAwait(false);
        _measuringDriver.Dispose();
        _waitingDriver.Dispose();
        _measuringKey.Dispose();
        _waitingKey.Dispose();
    }

    private async Task<UdtStream> OpenAsync(UdpDriver driver, StaticKey key, bool sends, Ticket peer, RateSettings rate, CancellationToken cancellation)
    {
        var link = SealedLink.Start(driver, new SealedPeerOptions { Key = key, WantsToSend = sends });
        lock (_owned) _owned.Add(link);
        link.Paste(peer);
        await link.Ready.WaitAsync(cancellation).ConfigureAwait(false);
        var options = CopyWindows.ApplyToBothWays(new UdtOptions { Mss = UdtOptions.MssOf(link.LargestPacket), DeliveryReports = true });
        var udt = new UdtSocket(link, rate.ApplyTo(options));
        lock (_owned) _owned.Add(udt);
        return await udt.RendezvousAsync(SealedPeer.VirtualPeer, cancellation).ConfigureAwait(false);
    }

    private static Ticket TicketOf(UdpDriver driver, StaticKey key, bool sends) => new() { Primary = driver.LocalEndpoint, PublicKey = key.Public, WantsToSend = sends };
}
