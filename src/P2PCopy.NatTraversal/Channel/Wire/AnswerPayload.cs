using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>What the second message of a handshake carries, sealed: the answer to a <see cref="HelloPayload"/>.</summary>
/// <remarks><code>
///  | version = 1 | capabilities | sender's receiver index (32) |
///  | the responder's nonce, 16 bytes                           |
///  | the address from which the hello came, 19 bytes           |
///  | largest datagram (16) | 0, 5 bytes                        |
/// </code></remarks>
internal readonly ref struct AnswerPayload : IWireFormat<AnswerPayload>
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 48;

    /// <summary>What the responder can do or wants.</summary>
    public required Capabilities Capabilities { get; init; }

    /// <summary>What the initiator puts into its datagrams; its top bit is set.</summary>
    public required uint LocalIndex { get; init; }

    /// <summary>16 random bytes.</summary>
    public required ReadOnlySpan<byte> Nonce { get; init; }

    /// <summary>From where the first copy of the hello came.</summary>
    public required UdpEndpoint Observed { get; init; }

    /// <summary>Largest datagram that the responder takes, bytes of UDP payload.</summary>
    public required ushort LargestDatagram { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out AnswerPayload packet)
    {
        packet = default;
        if (datagram.Length != Length || datagram[0] != HelloPayload.CurrentVersion) return false;
        var reader = new PacketReader(datagram[1..]);
        var capabilities = (Capabilities)reader.ReadByte();
        var index = reader.ReadUInt32();
        var nonce = reader.ReadBytes(16);
        if ((index & DatagramHeader.IndexFlag) == 0 || !EndpointField.TryRead(ref reader, out var observed)) return false;
        packet = new AnswerPayload
        {
            Capabilities = capabilities,
            LocalIndex = index,
            Nonce = nonce,
            Observed = observed,
            LargestDatagram = reader.ReadUInt16(),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte(HelloPayload.CurrentVersion);
        writer.WriteByte((byte)Capabilities);
        writer.WriteUInt32(LocalIndex);
        writer.WriteBytes(Nonce);
        EndpointField.Write(ref writer, Observed);
        writer.WriteUInt16(LargestDatagram);
        writer.WriteBytes(stackalloc byte[5]);
        return writer.Length;
    }
}
