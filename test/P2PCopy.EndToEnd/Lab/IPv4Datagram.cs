using System.Buffers.Binary;
using System.Net;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>A UDP datagram in its IPv4 packet.</summary>
internal sealed record IPv4Datagram(byte[] Packet, IPEndPoint Source, IPEndPoint Destination)
{
    private const int HeaderLength = 20;
    private const int UdpHeaderLength = 8;
    private const byte Udp = 17;

    public ReadOnlySpan<byte> Payload => Packet.AsSpan(((Packet[0] & 15) * 4) + UdpHeaderLength);

    /// <summary>Reads a whole one; fragments and all else are left alone.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out IPv4Datagram datagram)
    {
        datagram = null!;
        if (packet.Length < HeaderLength + UdpHeaderLength || packet[0] >> 4 != 4 || packet[9] != Udp) return false;
        var udp = (packet[0] & 15) * 4;
        if ((BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0 || packet.Length < udp + UdpHeaderLength) return false;
        var copy = packet[..BinaryPrimitives.ReadUInt16BigEndian(packet[2..])].ToArray();

        // What left this machine has no checksum yet; none at all is as good (RFC 768).
        copy.AsSpan(udp + 6, 2).Clear();
        datagram = new IPv4Datagram(copy, Endpoint(packet[12..], packet[udp..]), Endpoint(packet[16..], packet[(udp + 2)..]));
        return true;
    }

    /// <summary>Another payload under the same addresses.</summary>
    public IPv4Datagram With(ReadOnlySpan<byte> payload)
    {
        var packet = new byte[HeaderLength + UdpHeaderLength + payload.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = Udp;
        Packet.AsSpan(12, 8).CopyTo(packet.AsSpan(12));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), (ushort)Source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(22), (ushort)Destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(24), (ushort)(UdpHeaderLength + payload.Length));
        payload.CopyTo(packet.AsSpan(HeaderLength + UdpHeaderLength));
        return this with { Packet = packet };
    }

    private static IPEndPoint Endpoint(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) =>
        new(new IPAddress(address[..4]), BinaryPrimitives.ReadUInt16BigEndian(port));
}
