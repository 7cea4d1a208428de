using System.Net.Sockets;
using System.Text;

namespace P2PCopy.LinkEmulator;

/// <summary>What a device says that it carries, as a network card of that speed does; a TUN device alone says 10 Gbit/s whatever is behind it.</summary>
internal static unsafe class DeviceSpeed
{
    private const nuint EthTool = 0x8946;
    private const int SetSettings = 2;
    private const byte FullDuplex = 1;
    private const int NameBytes = 16;

    /// <summary>Tells it, in the namespace of the calling thread; a kernel that lets nobody tell it is left alone.</summary>
    public static void Set(string device, long bitsPerSecond)
    {
        // struct ethtool_cmd: the command, the speed in Mbit/s in two halves, duplex.
        var settings = stackalloc byte[44];
        var megabits = (uint)Math.Clamp(bitsPerSecond / 1_000_000, 1, int.MaxValue);
        *(int*)settings = SetSettings;
        *(ushort*)(settings + 12) = (ushort)megabits;
        settings[14] = FullDuplex;
        *(ushort*)(settings + 28) = (ushort)(megabits >> 16);

        // struct ifreq: the name, then where the settings are; 40 bytes.
        var request = stackalloc byte[40];
        Encoding.ASCII.GetBytes(device, new Span<byte>(request, NameBytes - 1));
        *(byte**)(request + NameBytes) = settings;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _ = SystemCalls.IoControl((int)socket.Handle, EthTool, request);
    }
}
