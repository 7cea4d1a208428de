using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>What the first message of a handshake carries: sealed in an INIT, in clear in a HELLO-XX.</summary>
/// <remarks><code>
///  | version = 1 | capabilities | sender's receiver index (32) |
///  | commitment to the initiator's nonce, 16 bytes             |
///  | largest datagram (16) | 0, 8 bytes                        |
///  in a HELLO-XX: | 0, 80 bytes |
/// </code></remarks>
internal readonly ref struct HelloPayload : IWireFormat<HelloPayload>
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 32;

    /// <summary>Bytes of it in a HELLO-XX, which must not be shorter than its answer.</summary>
    public const int PaddedLength = 112;

    /// <summary>The only version there is.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>What the initiator can do or wants.</summary>
    public required Capabilities Capabilities { get; init; }

    /// <summary>What the responder puts into its datagrams; its top bit is set.</summary>
    public required uint LocalIndex { get; init; }

    /// <summary>Hash of the nonce that the initiator shows later: 16 bytes.</summary>
    public required ReadOnlySpan<byte> Commitment { get; init; }

    /// <summary>Largest datagram that the initiator takes, bytes of UDP payload.</summary>
    public required ushort LargestDatagram { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out HelloPayload packet)
    {
        packet = default;
        if (datagram.Length is not (Length or PaddedLength) || datagram[0] != CurrentVersion) return false;
        var reader = new PacketReader(datagram[1..]);
        packet = new HelloPayload
        {
            Capabilities = (Capabilities)reader.ReadByte(),
            LocalIndex = reader.ReadUInt32(),
            Commitment = reader.ReadBytes(16),
            LargestDatagram = reader.ReadUInt16(),
        };
        return (packet.LocalIndex & DatagramHeader.IndexFlag) != 0;
    }

    /// <summary>Writes the <see cref="Length"/> bytes; what follows them in a HELLO-XX is zero.</summary>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte(CurrentVersion);
        writer.WriteByte((byte)Capabilities);
        writer.WriteUInt32(LocalIndex);
        writer.WriteBytes(Commitment);
        writer.WriteUInt16(LargestDatagram);
        writer.WriteUInt64(0);
        return writer.Length;
    }
}
