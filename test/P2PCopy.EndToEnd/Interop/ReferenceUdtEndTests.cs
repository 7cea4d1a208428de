using System.Globalization;
using System.Net;
using P2PCopy.EndToEnd.Lab;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>How connections with the reference library end.</summary>
[Collection(LabCollection.Name)]
public sealed class ReferenceUdtEndTests
{
    [InteropFact]
    public async Task The_reference_sees_our_close_at_once()
    {
        await using var session = await InteropSession.ConnectAsync(OurRole.Rendezvous, "--until-closed");
        await session.CloseAsync();
        await session.Reference.FinishAsync();
        AssertBroken(await session.Reference.Process.WaitForLineAsync("closed ", TimeSpan.FromSeconds(1)), atMostSeconds: 10);
    }

    [InteropFact]
    public async Task The_reference_sees_that_we_gave_up()
    {
        await using var session = await InteropSession.ConnectAsync(OurRole.Rendezvous, "--until-closed");
        session.Stream.Abort();
        await session.Reference.FinishAsync();
        AssertBroken(await session.Reference.Process.WaitForLineAsync("closed ", TimeSpan.FromSeconds(1)), atMostSeconds: 10);
    }

    [InteropFact]
    public async Task We_see_the_close_of_the_reference_as_the_end_of_the_stream()
    {
        await using var session = await InteropSession.ConnectAsync(OurRole.Rendezvous, "--send 1000 --hold");
        await session.ReceiveAsync(1000);
        var end = session.Stream.ReadAsync(new byte[1]).AsTask();
        Assert.False(end.IsCompleted);
        session.Reference.Process.WriteLine("close");
        Assert.Equal(0, await end.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(CloseReason.ClosedByPeer, session.Stream.CloseReason);
        await Assert.ThrowsAsync<UdtException>(async () => await session.Stream.WriteAsync(new byte[1]));
    }

    [InteropFact]
    public async Task One_port_serves_several_callers_at_once()
    {
        await using var socket = UdtSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        var peer = socket.LocalEndpoint.ToString();
        var callers = Enumerable.Range(0, 3)
            .Select(_ => ReferencePeer.Start(null, "caller", "--peer", peer, "--send", "3000000", "--send-seed", "5", "--until-closed"))
            .ToList();
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var streams = new List<UdtStream>();
            foreach (var _ in callers) streams.Add(await socket.AcceptAsync(limit.Token));
            await Task.WhenAll(streams.Select(stream => ReceiveAsync(stream, limit.Token)));
            foreach (var caller in callers) await caller.FinishAsync();
        }
        finally
        {
            callers.ForEach(caller => caller.Dispose());
        }
    }

    private static async Task ReceiveAsync(UdtStream stream, CancellationToken cancellationToken)
    {
        var pattern = new PatternStream(5);
        var chunk = new byte[1 << 16];
        while (pattern.Position < 3_000_000) pattern.Check(chunk.AsSpan(0, await stream.ReadAsync(chunk, cancellationToken)));
        await stream.CloseAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    // 2001: the connection is broken, which is how the library names a shutdown by the peer.
    private static void AssertBroken(string line, double atMostSeconds)
    {
        Assert.StartsWith("closed code=2001 seconds=", line, StringComparison.Ordinal);
        var seconds = double.Parse(line[(line.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 0, atMostSeconds);
    }
}
