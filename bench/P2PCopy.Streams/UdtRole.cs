using System.Diagnostics;
using System.Globalization;
using System.Net;
using P2PCopy.Datagrams;
using P2PCopy.EndToEnd.Interop;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.Streams;

/// <summary>
/// One end of a measured stream: from memory to memory, made and verified byte by byte as the reference library's peer does it,
/// with the same line of result.
/// </summary>
internal static class UdtRole
{
    private const ulong PatternSeed = 1;
    private const int MostBytesAtOnce = 256 << 10;
    private const int MssOnEthernet = 1500;
    private const int BufferPackets = 32768;
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>The address of the sending end of those that meet: both ends have to know it.</summary>
    public static readonly IPEndPoint SenderAddress = IPEndPoint.Parse("10.3.0.1:9001");

    /// <summary>What two programs of ours tell the transport, sealed or not: what a stream costs is compared with nothing else changed.</summary>
    /// <param name="mss">What one datagram carries, as UDT counts it.</param>
    public static UdtOptions OptionsOfPeers(int mss) =>
        new() { Mss = mss, DeliveryReports = true, SendBufferPackets = BufferPackets, ReceiveBufferPackets = BufferPackets };

    /// <summary>Meets the receiver as our own programs do, but without a seal, and sends.</summary>
    public static async Task<int> MeetAndSendAsync(UdpEndpoint receiver, long bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var socket = UdtSocket.Bind(SenderAddress, OptionsOfPeers(MssOnEthernet));
        return await SendAsync(await socket.RendezvousAsync(receiver, limit.Token), bytes, limit.Token);
    }

    /// <summary>Meets the sender as our own programs do, but without a seal, and receives.</summary>
    public static async Task<int> MeetAndReceiveAsync(IPEndPoint local, long bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var socket = UdtSocket.Bind(local, OptionsOfPeers(MssOnEthernet));
        Console.WriteLine($"bound port={socket.LocalEndpoint.Port}");
        return await ReceiveAsync(await socket.RendezvousAsync(UdpEndpoint.From(SenderAddress), limit.Token), bytes, limit.Token);
    }

    /// <summary>Connects to a listener and sends, as UDT 4 does.</summary>
    public static async Task<int> SendAsync(UdpEndpoint receiver, long bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var socket = UdtSocket.Bind(new IPEndPoint(receiver.IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any, 0));
        return await SendAsync(await socket.ConnectAsync(receiver, limit.Token), bytes, limit.Token);
    }

    /// <summary>Sends over a connected stream.</summary>
    public static async Task<int> SendAsync(UdtStream stream, long bytes, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        Console.WriteLine("flows");
        var pattern = new PatternStream(PatternSeed);
        for (var left = bytes; left > 0;)
        {
            var room = await stream.LendWritableAsync(cancellation);
            var count = (int)Math.Min(Math.Min(room.Length, MostBytesAtOnce), left);
            pattern.Fill(room.Span[..count]);
            stream.CommitWritten(count);
            left -= count;
        }

        await stream.CloseAsync(Linger, cancellation);
        Report(bytes, 0, clock.Elapsed);
        await Console.Error.WriteLineAsync(stream.Statistics.ToString());
        return 0;
    }

    /// <summary>Waits for one client and receives, as UDT 4 does.</summary>
    public static async Task<int> ReceiveAsync(IPEndPoint local, long bytes)
    {
        using var limit = new CancellationTokenSource(Limit);
        await using var socket = UdtSocket.Bind(local);
        socket.Listen();
        Console.WriteLine($"bound port={socket.LocalEndpoint.Port}");
        return await ReceiveAsync(await socket.AcceptAsync(limit.Token), bytes, limit.Token);
    }

    /// <summary>Receives over a connected stream.</summary>
    public static async Task<int> ReceiveAsync(UdtStream stream, long bytes, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var pattern = new PatternStream(PatternSeed);
        for (var left = bytes; left > 0;)
        {
            var taken = await stream.TakeReadableAsync(cancellation);
            if (taken.IsEmpty) throw new EndOfStreamException("the sender has closed too early");
            left -= taken.Length;
            while (!taken.IsEmpty)
            {
                var count = Math.Min(taken.Length, MostBytesAtOnce);
                pattern.Check(taken.Span[..count]);
                stream.ReleaseRead(count);
                taken = taken[count..];
            }
        }

        await stream.CloseAsync(TimeSpan.Zero, cancellation);
        Report(0, bytes, clock.Elapsed);
        await Console.Error.WriteLineAsync(stream.Statistics.ToString());
        return 0;
    }

    /// <summary>The line of result: what was copied, in what time, and what this process has paid so far.</summary>
    public static void Report(long sent, long received, TimeSpan elapsed) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"transferred sent={sent} received={received} seconds={elapsed.TotalSeconds:f4} cpu={Environment.CpuUsage.TotalTime.TotalSeconds:f4} memory={Process.GetCurrentProcess().PeakWorkingSet64} whole={(DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds:f4}"));
}
