using System.Net;
using P2PCopy.Datagrams.IO;
using P2PCopy.Datagrams.IO.Waiting;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.EndToEnd.Datagrams;

/// <summary>The parts of the driver that other systems than Linux use, on this one.</summary>
public sealed class PortableDriverTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_stream_crosses(string address)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var left = Open(address);
        using var right = Open(address);
        using var stranger = UdpSocket.Open(new IPEndPoint(IPAddress.Parse(address), 0));
        stranger.SendTo([], right.LocalEndpoint.ToIPEndPoint());
        await using var listener = new UdtSocket(right);
        await using var caller = new UdtSocket(left, new UdtOptions { ConnectTimeout = Limit });
        listener.Listen();
        var accepting = listener.AcceptAsync(cancellation);
        var stream = await caller.ConnectAsync(right.LocalEndpoint, cancellation);
        var content = new byte[5_000_000];
        new Random(1).NextBytes(content);
        var sending = stream.WriteAsync(content, cancellation).AsTask();

        var received = new byte[content.Length];
        var incoming = await accepting;
        await incoming.ReadExactlyAsync(received, cancellation);
        await sending;
        Assert.Equal(content, received);
    }

    private static UdpDriver Open(string address)
    {
        var socket = UdpSocket.Open(new IPEndPoint(IPAddress.Parse(address), 0));
        return new UdpDriver(UdpPort.OpenPortable(socket), new SelectWaiter(socket));
    }
}
