using System.Net;
using System.Net.Sockets;

namespace P2PCopy.Datagrams.IO;

/// <summary>Opens UDP sockets the way every machine here wants them.</summary>
public static class UdpSocket
{
    /// <summary>
    /// What is asked of the kernel for received packets, bytes. The kernel charges about 2,300 bytes a packet and may cap the
    /// answer silently (net.core.rmem_max); what was granted stands in <see cref="Socket.ReceiveBufferSize"/>.
    /// </summary>
    public const int ReceiveBufferBytes = 8 << 20;

    private const int SendBufferBytes = 4 << 20;
    private const int SioUdpConnReset = unchecked((int)0x9800000C);
    private const int SioUdpNetReset = unchecked((int)0x9800000F);

    /// <summary>Binds a UDP socket.</summary>
    /// <param name="local">Address and port to bind; port 0 lets the system choose.</param>
    /// <param name="bothFamilies">Whether a socket of an IPv6 address shall serve IPv4 too, by mapped addresses.</param>
    /// <exception cref="SocketException">
    /// The address cannot be bound: in use, not permitted, not of this machine; or this machine has not its family.
    /// </exception>
    public static Socket Open(IPEndPoint local, bool bothFamilies = false)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (local.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = bothFamilies;
            Prepare(socket);
            socket.Bind(local);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Gives a socket that somebody else opened the same buffers and manners.</summary>
    public static void Prepare(Socket socket)
    {
        socket.ReceiveBufferSize = ReceiveBufferBytes;
        socket.SendBufferSize = SendBufferBytes;

        // A link with a smaller MTU shall fragment our packets rather than swallow them: UDT fixes their size before it knows the path.
        if (socket.AddressFamily == AddressFamily.InterNetwork || socket.DualMode)
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.DontFragment, 0);
        if (!OperatingSystem.IsWindows()) return;

        // Else an ICMP error for one datagram makes the next receive of any peer fail.
        socket.IOControl(SioUdpConnReset, new byte[4], null);
        socket.IOControl(SioUdpNetReset, new byte[4], null);
    }
}
