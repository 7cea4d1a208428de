using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Wire;

/// <summary>A handshake (control type 0): 48 bytes behind the header.</summary>
/// <remarks><code>
///  | version = 4 | socket type | ISN | MSS | flow window |
///  | request type | socket id | SYN cookie | address, 4 words |
/// </code></remarks>
internal readonly ref struct HandshakePacket : IWireFormat<HandshakePacket>
{
    /// <summary>Bytes of the whole packet.</summary>
    public const int Length = PacketHeader.Length + BodyLength;

    /// <summary>Bytes of the body.</summary>
    public const int BodyLength = 48;

    /// <summary>The only version there is.</summary>
    public const uint CurrentVersion = 4;

    public uint Destination { get; init; }

    public uint Version { get; init; }

    /// <summary>1 stream, 2 message; the original program says 2 and streams.</summary>
    public uint SocketType { get; init; }

    public SequenceNumber InitialSequence { get; init; }

    /// <summary>Largest packet with its IP, UDP and UDT headers (28 + 16 bytes) that the writer takes.</summary>
    public uint Mss { get; init; }

    /// <summary>Packets the writer has room for.</summary>
    public uint FlowWindow { get; init; }

    public RequestType Request { get; init; }

    public uint SocketId { get; init; }

    public uint Cookie { get; init; }

    /// <summary>The address the packet goes to (in a server's final response: the client's). Sent right, ignored on receipt.</summary>
    public UdpEndpoint Address { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out HandshakePacket packet)
    {
        packet = default;
        if (datagram.Length < Length || !PacketHeader.TryRead(datagram, out var header)) return false;
        if (!header.IsControl || header.Type != ControlType.Handshake) return false;
        var reader = new PacketReader(datagram[PacketHeader.Length..]);
        packet = new HandshakePacket
        {
            Destination = header.Destination,
            Version = reader.ReadUInt32(),
            SocketType = reader.ReadUInt32(),
            InitialSequence = new SequenceNumber(reader.ReadUInt32()),
            Mss = reader.ReadUInt32(),
            FlowWindow = reader.ReadUInt32(),
            Request = (RequestType)(int)reader.ReadUInt32(),
            SocketId = reader.ReadUInt32(),
            Cookie = reader.ReadUInt32(),
            Address = ReadAddress(reader.ReadBytes(16)),
        };
        return true;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        PacketHeader.WriteControl(ref writer, ControlType.Handshake, 0, Destination);
        writer.WriteUInt32(Version);
        writer.WriteUInt32(SocketType);
        writer.WriteUInt32(InitialSequence.Value);
        writer.WriteUInt32(Mss);
        writer.WriteUInt32(FlowWindow);
        writer.WriteUInt32((uint)(int)Request);
        writer.WriteUInt32(SocketId);
        writer.WriteUInt32(Cookie);
        WriteAddress(ref writer, Address);
        return writer.Length;
    }

    // The reference swaps the words of an address that already stands in network order, so each group of four bytes is reversed.
    private static UdpEndpoint ReadAddress(ReadOnlySpan<byte> field)
    {
        Span<byte> bytes = stackalloc byte[16];
        for (var i = 0; i < 16; i++) bytes[i] = field[(i & ~3) + 3 - (i & 3)];
        var reader = new PacketReader(bytes);
        var high = reader.ReadUInt64();
        var low = reader.ReadUInt64();
        return (high & 0xffff_ffff) == 0 && low == 0 ? UdpEndpoint.FromIPv4((uint)(high >> 32), 0) : UdpEndpoint.FromIPv6(high, low, 0);
    }

    private static void WriteAddress(ref PacketWriter writer, UdpEndpoint address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var plain = new PacketWriter(bytes);
        plain.WriteUInt64(address.IsIPv4 ? (ulong)address.IPv4Bits << 32 : address.HighBits);
        plain.WriteUInt64(address.IsIPv4 ? 0 : address.LowBits);
        for (var i = 0; i < 16; i++) writer.WriteByte(bytes[(i & ~3) + 3 - (i & 3)]);
    }
}
