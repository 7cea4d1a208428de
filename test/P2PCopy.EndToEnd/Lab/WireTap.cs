using System.Net;
using System.Net.Sockets;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// Somebody on the way who sees every packet that a machine sends, receives or passes on, and can send packets under any address: an
/// AF_PACKET socket that gets IP packets as they are, and a raw one.
/// </summary>
internal sealed class WireTap : IDisposable
{
    // linux/if_ether.h in network byte order: packets of all protocols, those that leave too.
    private const ProtocolType EveryProtocol = (ProtocolType)0x0300;

    // Of asm-generic/socket.h: a buffer beyond what users may have.
    private const int SocketLevel = 1;
    private const int ForceReceiveBuffer = 33;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    private readonly LabNamespace _machine;
    private readonly List<IPv4Datagram> _seen = [];
    private readonly Lock _gate = new();
    private readonly Thread _reader;
    private Socket? _tap;
    private Socket? _raw;
    private volatile bool _isOver;

    public WireTap(LabNamespace machine)
    {
        _machine = machine;
        machine.Enter(() =>
        {
            _tap = new Socket(AddressFamily.Packet, SocketType.Dgram, EveryProtocol);
            _tap.SetRawSocketOption(SocketLevel, ForceReceiveBuffer, BitConverter.GetBytes(64 << 20));
            _raw = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Raw);
            _raw.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.HeaderIncluded, true);
        });
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
        machine.Lab.Keep(this);
    }

    /// <summary>The UDP datagrams that passed so far. A machine that passes packets on sees each twice.</summary>
    public IReadOnlyList<IPv4Datagram> Seen
    {
        get
        {
            lock (_gate) return [.. _seen];
        }
    }

    /// <summary>Those between two addresses.</summary>
    public IReadOnlyList<IPv4Datagram> Between(string one, string other) =>
        [.. Seen.Where(datagram => (datagram.Source.Address.ToString(), datagram.Destination.Address.ToString()) is var (from, to)
            && ((from == one && to == other) || (from == other && to == one)))];

    /// <summary>Sends a datagram as if it came from its source.</summary>
    public void Send(IPv4Datagram datagram) => _raw!.SendTo(datagram.Packet, new IPEndPoint(datagram.Destination.Address, 0));

    public void Dispose()
    {
        _isOver = true;
        _reader.Join();
        _tap!.Dispose();
        _raw!.Dispose();
    }

    public override string ToString() => _machine.Name;

    // No end of such a socket wakes who waits for its packets.
    private void Read()
    {
        var buffer = new byte[1 << 16];
        while (!_isOver)
        {
            if (!_tap!.Poll(Turn, SelectMode.SelectRead)) continue;
            var length = _tap.Receive(buffer);
            if (!IPv4Datagram.TryRead(buffer.AsSpan(0, length), out var datagram)) continue;
            lock (_gate) _seen.Add(datagram);
        }
    }
}
