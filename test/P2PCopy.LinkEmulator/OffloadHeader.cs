using System.Buffers.Binary;

namespace P2PCopy.LinkEmulator;

/// <summary>
/// What stands before each packet of a TUN device and tells which work was left to "the hardware": to cut a train of packets, to
/// complete a checksum. Source: struct virtio_net_hdr, Virtual I/O Device (VIRTIO) 1.3, section 5.1.6; in the byte order of the machine.
/// </summary>
internal readonly record struct OffloadHeader(bool NeedsChecksum, byte TrainKind, ushort HeaderBytes, ushort PacketBytes, ushort ChecksumStart, ushort ChecksumOffset)
{
    public const int Length = 10;

    private const byte ChecksumFlag = 1;
    private const byte TcpOverIPv4 = 1;
    private const byte TcpOverIPv6 = 4;
    private const byte UdpDatagrams = 5;

    /// <summary>Whether it is a train: packets of one size, <see cref="PacketBytes"/> of payload each, of which the last may be shorter.</summary>
    public bool IsTrain => TrainKind != 0;

    /// <summary>The header of a packet that was cut off.</summary>
    public OffloadHeader OfOnePacket => this with { TrainKind = 0, HeaderBytes = 0, PacketBytes = 0 };

    /// <summary>The header of packets that were joined.</summary>
    public OffloadHeader OfTrain(FlowLayout layout, int packetBytes) => this with
    {
        TrainKind = !layout.IsTcp ? UdpDatagrams : layout.IsIPv4 ? TcpOverIPv4 : TcpOverIPv6,
        HeaderBytes = (ushort)layout.HeaderBytes,
        PacketBytes = (ushort)packetBytes,
    };

    public static OffloadHeader Read(ReadOnlySpan<byte> bytes) => new(
        (bytes[0] & ChecksumFlag) != 0,
        bytes[1],
        Word(bytes[2..]),
        Word(bytes[4..]),
        Word(bytes[6..]),
        Word(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        bytes[0] = NeedsChecksum ? ChecksumFlag : (byte)0;
        bytes[1] = TrainKind;
        Put(bytes[2..], HeaderBytes);
        Put(bytes[4..], PacketBytes);
        Put(bytes[6..], ChecksumStart);
        Put(bytes[8..], ChecksumOffset);
    }

    private static ushort Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static void Put(Span<byte> bytes, ushort word) => BinaryPrimitives.WriteUInt16LittleEndian(bytes, word);
}
