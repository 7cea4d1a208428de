using System.Buffers.Binary;
using System.Net.Sockets;

namespace P2PCopy.Datagrams.IO;

/// <summary>
/// What a single datagram asks of the IP layer: a time to live, and not to be fragmented. The socket is told only when that changes.
/// A dual-stack socket has both options twice, one for either family.
/// </summary>
internal sealed class PacketOptions(Socket socket)
{
    private const int IPv4Level = 0;
    private const int IPv6Level = 41;

    // ip(7) and ipv6(7): IP_MTU_DISCOVER and IPV6_MTU_DISCOVER with IP_PMTUDISC_DONT and IP_PMTUDISC_PROBE. Probing sets the flag and
    // does not believe what the kernel remembers of the path.
    private const int LinuxMtuDiscover = 10;
    private const int LinuxMtuDiscoverV6 = 23;
    private const int LinuxNever = 0;
    private const int LinuxProbe = 3;

    // ws2ipdef.h and netinet/in.h.
    private const int WindowsDontFragment = 14;
    private const int DarwinDontFragment = 28;
    private const int DarwinDontFragmentV6 = 62;

    private readonly byte[] _value = new byte[sizeof(int)];
    private readonly short _ordinaryTimeToLive = socket.Ttl;
    private byte _timeToLive;
    private bool _dontFragment;

    /// <summary>Prepares the socket for this datagram.</summary>
    public void Apply(in Transmit transmit)
    {
        if (transmit.TimeToLive != _timeToLive) ApplyTimeToLive(transmit.TimeToLive);
        if (transmit.DontFragment != _dontFragment) ApplyDontFragment(transmit.DontFragment);
    }

    private void ApplyTimeToLive(byte value)
    {
        _timeToLive = value;
        var hops = value == 0 ? _ordinaryTimeToLive : value;
        socket.Ttl = hops;
        if (socket.AddressFamily == AddressFamily.InterNetworkV6)
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.IpTimeToLive, hops);
    }

    private void ApplyDontFragment(bool value)
    {
        _dontFragment = value;
        try
        {
            if (OperatingSystem.IsLinux())
            {
                Set(IPv4Level, LinuxMtuDiscover, value ? LinuxProbe : LinuxNever);
                if (socket.AddressFamily == AddressFamily.InterNetworkV6) Set(IPv6Level, LinuxMtuDiscoverV6, value ? LinuxProbe : LinuxNever);
                return;
            }

            var windows = OperatingSystem.IsWindows();
            Set(IPv4Level, windows ? WindowsDontFragment : DarwinDontFragment, value ? 1 : 0);
            if (socket.AddressFamily == AddressFamily.InterNetworkV6) Set(IPv6Level, windows ? WindowsDontFragment : DarwinDontFragmentV6, value ? 1 : 0);
        }
        catch (SocketException)
        {
            // A system without the option fragments: the size that is found may then be too large, and still arrives.
        }
    }

    private void Set(int level, int name, int value)
    {
        if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteInt32LittleEndian(_value, value);
        else BinaryPrimitives.WriteInt32BigEndian(_value, value);
        socket.SetRawSocketOption(level, name, _value);
    }
}
