using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;

namespace P2PCopy.Bench;

/// <summary>
/// Somebody who throws garbage at a port: datagrams that begin like those of the sealed protocol and go on at random, evenly spread.
/// </summary>
internal static class FloodRole
{
    private const int DatagramBytes = 64;
    private const byte FirstByte = 0xd5;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    /// <summary>Sends so many a second, and at most for two minutes.</summary>
    public static int Run(UdpEndpoint target, int perSecond)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        var to = target.ToIPEndPoint().Serialize();
        var random = new Random(1);
        var datagram = new byte[DatagramBytes];
        var clock = Stopwatch.StartNew();
        Console.WriteLine("flood begins");
        for (long sent = 0; clock.Elapsed < Limit; Thread.Sleep(Step))
        {
            for (; sent < clock.Elapsed.TotalSeconds * perSecond; sent++)
            {
                random.NextBytes(datagram);
                (datagram[0], datagram[1], datagram[3]) = (FirstByte, 0x10, 0);
                datagram[12] |= 0x80;
                socket.SendTo(datagram, SocketFlags.None, to);
            }
        }

        return 0;
    }
}
