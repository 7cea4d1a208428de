using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>The initiator chooses the path on which this arrives; the responder says that it knows. Repeated until answered.</summary>
/// <remarks><code>
///  | 04 | 0 ask, 1 answer | generation (32) |
/// </code></remarks>
internal readonly ref struct NominatePacket : IWireFormat<NominatePacket>
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 6;

    /// <summary>Whether it answers.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>Counts the choices, so that an old one cannot undo a newer.</summary>
    public required uint Generation { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out NominatePacket packet)
    {
        packet = default;
        if (datagram.Length != Length || datagram[0] != (byte)ControlKind.Nominate || datagram[1] > 1) return false;
        packet = new NominatePacket { IsAnswer = datagram[1] == 1, Generation = new PacketReader(datagram[2..]).ReadUInt32() };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)ControlKind.Nominate);
        writer.WriteByte(IsAnswer ? (byte)1 : (byte)0);
        writer.WriteUInt32(Generation);
        return writer.Length;
    }
}
