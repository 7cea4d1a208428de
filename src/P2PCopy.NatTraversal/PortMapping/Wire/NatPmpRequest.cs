using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Wire;

/// <summary>A NAT-PMP request: for the router's outer address, or for a UDP port (RFC 6886 §3.2, §3.3).</summary>
/// <remarks><code>
/// | 00 | 00 |                                                    the address
/// | 00 | 01 | 0 (16) | internal port | external port suggested | lifetime, seconds (32) |
/// </code></remarks>
internal readonly ref struct NatPmpRequest : IWireFormat<NatPmpRequest>
{
    /// <summary>The version that is spoken.</summary>
    public const byte Version = 0;

    /// <summary>Bytes of the request for the address.</summary>
    public const int AddressLength = 2;

    /// <summary>Bytes of the request for a port.</summary>
    public const int MapLength = 12;

    /// <summary>Asks for the outer address.</summary>
    public const byte Address = 0;

    /// <summary>Asks for a UDP port.</summary>
    public const byte MapUdp = 1;

    /// <summary>Whether it asks for a port.</summary>
    public bool IsMap { get; init; }

    /// <summary>The port on this computer.</summary>
    public ushort InsidePort { get; init; }

    /// <summary>The port on the router that would be liked; 0 when the mapping is taken back.</summary>
    public ushort SuggestedPort { get; init; }

    /// <summary>Seconds; 0 takes the mapping back.</summary>
    public uint Lifetime { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out NatPmpRequest packet)
    {
        packet = default;
        if (datagram.Length < AddressLength || datagram[0] != Version) return false;
        if (datagram[1] == Address) return true;
        if (datagram[1] != MapUdp || datagram.Length < MapLength) return false;
        var reader = new PacketReader(datagram[4..]);
        packet = new NatPmpRequest { IsMap = true, InsidePort = reader.ReadUInt16(), SuggestedPort = reader.ReadUInt16(), Lifetime = reader.ReadUInt32() };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte(Version);
        writer.WriteByte(IsMap ? MapUdp : Address);
        if (!IsMap) return writer.Length;
        writer.WriteUInt16(0);
        writer.WriteUInt16(InsidePort);
        writer.WriteUInt16(SuggestedPort);
        writer.WriteUInt32(Lifetime);
        return writer.Length;
    }
}
