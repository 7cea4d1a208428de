using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;
using P2PCopy.Udt.Wire;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>A peer whose try ended in the very moment of the meeting, as it happens to the original at the end of its 30 seconds.</summary>
public sealed class RestartedPeerTests : IDisposable
{
    private readonly CopyPair _pair = new(CopyPair.Legacy);

    public void Dispose() => _pair.Dispose();

    [Fact]
    public async Task A_peer_that_did_not_notice_the_meeting_is_met_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var program = _pair.StartReceiver("--yes");
        Assert.True(UdpEndpoint.TryParse(await program.AddressAsync(), out var remote));

        IPEndPoint local;
        using (var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            peer.Bind(new IPEndPoint(remote.Address, 0));
            local = (IPEndPoint)peer.LocalEndPoint!;
            program.Type(local.ToString());
            using var met = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var shaking = ShakeHandsAsync(peer, remote, met.Token);
            await program.SeeAsync("Connected successfully");
            await met.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shaking);
        }

        await using var socket = UdtSocket.Bind(local);
        var stream = await socket.RendezvousAsync(remote, cancellation);
        await stream.WriteAsync((byte[])[5, .. "a.txt"u8], cancellation);
        await stream.WriteAsync(new byte[sizeof(long)], cancellation);
        await stream.CloseAsync(TimeSpan.FromSeconds(30), cancellation);

        Assert.Equal(0, await program.ExitAsync());
        Assert.Contains("begins anew", program.Error, StringComparison.Ordinal);
        Assert.Equal("a.txt", Assert.Single(_pair.Target.GetFiles()).Name);
    }

    // Answers each handshake with its like, which is enough for the other side to be connected and no sign of being so.
    private static async Task ShakeHandsAsync(Socket peer, UdpEndpoint remote, CancellationToken cancellation)
    {
        var buffer = new byte[2048];
        while (true)
        {
            var received = await peer.ReceiveFromAsync(buffer, SocketFlags.None, remote.ToIPEndPoint(), cancellation);
            if (Answer(buffer.AsSpan(0, received.ReceivedBytes), remote) is { } answer)
                await peer.SendToAsync(answer, SocketFlags.None, remote.ToIPEndPoint(), cancellation);
        }
    }

    private static byte[]? Answer(ReadOnlySpan<byte> datagram, UdpEndpoint remote)
    {
        if (!HandshakePacket.TryRead(datagram, out var heard) || heard.Request is not (RequestType.Rendezvous or RequestType.Conclusion)) return null;
        var answer = new HandshakePacket
        {
            Destination = 0,
            Version = HandshakePacket.CurrentVersion,
            SocketType = heard.SocketType,
            InitialSequence = new SequenceNumber(77),
            Mss = 1500,
            FlowWindow = 8192,
            Request = heard.Request,
            SocketId = 4711,
            Address = remote,
        };
        var bytes = new byte[HandshakePacket.Length];
        answer.Write(bytes);
        return bytes;
    }
}
