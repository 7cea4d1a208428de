using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>Asks for a <see cref="PongPacket"/> on the same path; padding behind it tries the path's size.</summary>
/// <remarks><code>
///  | 01 | challenge (64) | 0, padding of any length |
/// </code></remarks>
internal readonly ref struct PingPacket : IWireFormat<PingPacket>
{
    /// <summary>Bytes without padding.</summary>
    public const int Length = 9;

    /// <summary>Random, so that only who received it can answer.</summary>
    public required ulong Challenge { get; init; }

    /// <summary>Bytes of zeros behind it.</summary>
    public int Padding { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out PingPacket packet)
    {
        packet = default;
        if (datagram.Length < Length || datagram[0] != (byte)ControlKind.Ping) return false;
        packet = new PingPacket { Challenge = new PacketReader(datagram[1..]).ReadUInt64(), Padding = datagram.Length - Length };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)ControlKind.Ping);
        writer.WriteUInt64(Challenge);
        destination.Slice(Length, Padding).Clear();
        return Length + Padding;
    }
}
