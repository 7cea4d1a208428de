using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.EndToEnd.Lab;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>How this side connects; the reference peer takes the part that fits.</summary>
public enum OurRole
{
    Caller,
    Listener,
    Rendezvous,
}

/// <summary>A connection between our UDT and the reference library's, with streams in both directions that are checked byte by byte.</summary>
internal sealed class InteropSession : IAsyncDisposable
{
    private const ulong OurSeed = 11;
    private const ulong ReferenceSeed = 22;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan TransferLimit = TimeSpan.FromSeconds(170);

    private readonly UdtSocket _socket;

    private InteropSession(UdtSocket socket, UdtStream stream, ReferencePeer reference)
    {
        _socket = socket;
        Stream = stream;
        Reference = reference;
    }

    public UdtStream Stream { get; }

    public ReferencePeer Reference { get; }

    /// <summary>Connects the two in this machine or in one of the lab.</summary>
    /// <param name="role">Our part.</param>
    /// <param name="referenceWords">More words for the reference peer, such as "--send 1000".</param>
    public static async Task<InteropSession> ConnectAsync(
        OurRole role, string referenceWords = "", UdtOptions? options = null, LabNamespace? machine = null, string address = "127.0.0.1")
    {
        using var limit = new CancellationTokenSource(ConnectLimit);
        var socket = UdtSocket.TakeOver(Open(machine, new IPEndPoint(IPAddress.Parse(address), 0)), options);
        var ours = socket.LocalEndpoint.ToString();
        if (role == OurRole.Listener) socket.Listen();
        string[] part = role switch
        {
            OurRole.Caller => ["listener"],
            OurRole.Listener => ["caller", "--peer", ours],
            _ => ["rendezvous", "--peer", ours],
        };
        var reference = ReferencePeer.Start(
            machine,
            [
                .. part, "--local", UdpEndpoint.From(IPAddress.Parse(address), 0).ToString(), "--send-seed", $"{ReferenceSeed}", "--receive-seed",
                $"{OurSeed}", .. referenceWords.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ]);
        try
        {
            var remote = UdpEndpoint.From(IPAddress.Parse(address), (ushort)await reference.ReadPortAsync());
            var stream = role switch
            {
                OurRole.Caller => await socket.ConnectAsync(remote, limit.Token),
                OurRole.Listener => await socket.AcceptAsync(limit.Token),
                _ => await socket.RendezvousAsync(remote, limit.Token),
            };
            return new InteropSession(socket, stream, reference);
        }
        catch
        {
            reference.Dispose();
            await socket.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends and receives so many bytes at the same time.</summary>
    public Task ExchangeAsync(long sending, long receiving) => Task.WhenAll(SendAsync(sending), ReceiveAsync(receiving));

    public async Task SendAsync(long count, int chunkSize = 256 << 10)
    {
        using var limit = new CancellationTokenSource(TransferLimit);
        var pattern = new PatternStream(OurSeed);
        var chunk = new byte[chunkSize];
        while (pattern.Position < count)
        {
            var bytes = chunk.AsMemory(0, (int)Math.Min(chunkSize, count - pattern.Position));
            pattern.Fill(bytes.Span);
            await Stream.WriteAsync(bytes, limit.Token);
        }
    }

    public async Task ReceiveAsync(long count)
    {
        using var limit = new CancellationTokenSource(TransferLimit);
        var pattern = new PatternStream(ReferenceSeed);
        var chunk = new byte[1 << 20];
        while (pattern.Position < count)
        {
            var length = await Stream.ReadAsync(chunk, limit.Token);
            if (length == 0) Assert.Fail($"The stream ended after {pattern.Position} of {count} bytes:\n{Reference.Process.Transcript}");
            pattern.Check(chunk.AsSpan(0, length));
        }

        Assert.Equal(count, pattern.Position);
    }

    /// <summary>Closes when everything that was sent has been acknowledged.</summary>
    public Task CloseAsync() => Stream.CloseAsync(TransferLimit, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        Reference.Dispose();
    }

    private static Socket Open(LabNamespace? machine, IPEndPoint local)
    {
        if (machine is null) return UdpSocket.Open(local);
        Socket? socket = null;
        machine.Enter(() => socket = UdpSocket.Open(local));
        return socket!;
    }
}
