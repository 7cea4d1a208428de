using System.Diagnostics;
using System.Globalization;
using System.Net;
using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.Bench;

/// <summary>One end of a measured stream: memory to memory, buffers lent, one line of result.</summary>
internal static class UdtRole
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(60);

    /// <summary>Connects to a listener and sends.</summary>
    public static async Task SendAsync(UdpEndpoint receiver, long bytes, CancellationToken cancellationToken)
    {
        var any = receiver.IsIPv4 ? IPAddress.Any : IPAddress.IPv6Any;
        await using var socket = UdtSocket.Bind(new IPEndPoint(any, 0));
        var stream = await socket.ConnectAsync(receiver, cancellationToken);
        var clock = Stopwatch.StartNew();
        for (var left = bytes; left > 0;)
        {
            var room = await stream.LendWritableAsync(cancellationToken);
            var count = (int)Math.Min(Math.Min(room.Length, 256 << 10), left);
            stream.CommitWritten(count);
            left -= count;
        }

        await stream.CloseAsync(Linger, cancellationToken);
        Report("sent", bytes, clock.Elapsed, stream.Statistics);
    }

    /// <summary>Waits for one client and receives.</summary>
    public static async Task ReceiveAsync(IPEndPoint local, long bytes, CancellationToken cancellationToken)
    {
        await using var socket = UdtSocket.Bind(local);
        socket.Listen();
        Console.WriteLine("ready");
        var stream = await socket.AcceptAsync(cancellationToken);
        var clock = Stopwatch.StartNew();
        for (var left = bytes; left > 0;)
        {
            var lent = await stream.LendReadableAsync(cancellationToken);
            if (lent.IsEmpty) break;
            stream.AdvanceRead(lent.Length);
            left -= lent.Length;
        }

        Report("received", bytes, clock.Elapsed, stream.Statistics);
        await stream.CloseAsync(TimeSpan.Zero, cancellationToken);
    }

    private static void Report(string verb, long bytes, TimeSpan elapsed, UdtStatistics statistics)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{verb} {bytes} bytes in {elapsed.TotalSeconds:f3} s, cpu {cpu:f3} s, peak {process.PeakWorkingSet64 >> 20} MiB"));
        Console.Error.WriteLine(statistics);
    }
}
