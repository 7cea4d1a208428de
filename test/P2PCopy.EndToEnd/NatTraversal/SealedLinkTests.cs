using System.Net;
using System.Security.Cryptography;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.EndToEnd.NatTraversal;

/// <summary>Two sealed links on real sockets of this machine, with UDT inside.</summary>
public sealed class SealedLinkTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_stream_crosses_and_the_farewell_is_heard(string address)
    {
        await using var left = new Side(address, sends: true);
        await using var right = new Side(address, sends: false);
        Assert.Equal(PasteResult.Taken, left.Link.Paste(right.Ticket));
        Assert.Equal(PasteResult.Taken, right.Link.Paste(left.Ticket));

        var content = new byte[20_000_000];
        new Random(1).NextBytes(content);
        var sending = left.SendAsync(content);
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await right.ReceiveAsync(content.Length)));
        await sending;

        await left.Link.DisposeAsync();
        Assert.NotNull(await right.WaitForAsync<SealedPeerEvent.PeerClosed>());
    }

    [Fact]
    public async Task Words_that_are_typed_are_acted_on_at_once()
    {
        await using var left = new Side("127.0.0.1", sends: true);
        await using var right = new Side("127.0.0.1", sends: false);
        left.Link.Paste(right.Ticket);
        var shown = (await left.Link.Ready.WaitAsync(Limit, TestContext.Current.CancellationToken)).WordsShown;
        await right.WaitForAsync<SealedPeerEvent.StrangerArrived>();
        Assert.True(right.Link.TryWords(string.Join(' ', shown)));
        Assert.Equal(PeerTrust.Ticket, (await right.Link.Ready.WaitAsync(Limit, TestContext.Current.CancellationToken)).Trust);
    }

    private sealed class Side : IAsyncDisposable
    {
        private readonly StaticKey _key = CreateKey();
        private readonly UdpDriver _driver;
        private readonly bool _sends;

        public Side(string address, bool sends)
        {
            _sends = sends;
            _driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.Parse(address), 0)));
            Link = SealedLink.Start(_driver, new SealedPeerOptions { Key = _key, WantsToSend = sends });
        }

        public SealedLink Link { get; }

        public Ticket Ticket => new() { Primary = Link.LocalEndpoint, PublicKey = _key.Public, WantsToSend = _sends };

        public async Task SendAsync(byte[] content)
        {
            await using var udt = await OpenAsync();
            var stream = await udt.RendezvousAsync(SealedPeer.VirtualPeer, TestContext.Current.CancellationToken);
            await stream.WriteAsync(content, TestContext.Current.CancellationToken);
            await stream.CloseAsync(Limit, TestContext.Current.CancellationToken);
        }

        public async Task<byte[]> ReceiveAsync(int count)
        {
            await using var udt = await OpenAsync();
            var stream = await udt.RendezvousAsync(SealedPeer.VirtualPeer, TestContext.Current.CancellationToken);
            var content = new byte[count];
            await stream.ReadExactlyAsync(content, TestContext.Current.CancellationToken);
            return content;
        }

        public async Task<T> WaitForAsync<T>() where T : SealedPeerEvent
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Limit);
            await foreach (var happened in Link.Events.ReadAllAsync(limit.Token))
                if (happened is T wanted) return wanted;
            throw new InvalidOperationException($"{typeof(T).Name} did not come");
        }

        public async ValueTask DisposeAsync()
        {
            await Link.DisposeAsync();
            _driver.Dispose();
            _key.Dispose();
        }

        private async Task<UdtSocket> OpenAsync()
        {
            await Link.Ready.WaitAsync(Limit, TestContext.Current.CancellationToken);
            return new UdtSocket(Link, new UdtOptions { Mss = UdtOptions.MssOf(Link.LargestPacket), LeastSilence = Limit, DeliveryReports = true });
        }

        private static StaticKey CreateKey()
        {
            Span<byte> seed = stackalloc byte[PublicKey.Length];
            RandomNumberGenerator.Fill(seed);
            return StaticKey.FromSeed(seed);
        }
    }
}
