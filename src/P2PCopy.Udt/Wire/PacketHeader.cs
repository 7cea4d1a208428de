using System.Buffers.Binary;
using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Wire;

/// <summary>
/// The 16 bytes that head every UDT packet, as far as they are common (draft-gg-udt-03 §2).
/// </summary>
/// <remarks><code>
///  |0|            sequence number (31)           |    data
///  |1|          type (15)   |     reserved (16)  |    control
///  |  message bits and number | additional info  |
///  |               time stamp, µs                |
///  |            destination socket id            |
/// </code></remarks>
internal readonly ref struct PacketHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 16;

    private const uint ControlBit = 0x8000_0000;
    private readonly uint _first;

    private PacketHeader(uint first, uint second, uint destination)
    {
        _first = first;
        Second = second;
        Destination = destination;
    }

    public bool IsControl => (_first & ControlBit) != 0;

    /// <summary>The type of a control packet.</summary>
    public ControlType Type => (ControlType)((_first >> 16) & 0x7fff);

    /// <summary>The number of a data packet.</summary>
    public SequenceNumber Sequence => new(_first);

    /// <summary>The second word: boundary, order and message number of data; additional info of control.</summary>
    public uint Second { get; }

    /// <summary>The socket id at the receiver; 0 asks for the listener or the rendezvous of this address.</summary>
    public uint Destination { get; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out PacketHeader header)
    {
        header = default;
        if (datagram.Length < Length) return false;
        header = new PacketHeader(
            BinaryPrimitives.ReadUInt32BigEndian(datagram),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]));
        return true;
    }

    /// <summary>Writes the header of a control packet; its time stamp is 0, as in the reference library.</summary>
    public static void WriteControl(ref PacketWriter writer, ControlType type, uint info, uint destination)
    {
        writer.WriteUInt32(ControlBit | ((uint)type << 16));
        writer.WriteUInt32(info);
        writer.WriteUInt32(0);
        writer.WriteUInt32(destination);
    }
}
