using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>The initiator shows the nonce to which its hello committed it. Repeated until answered.</summary>
/// <remarks><code>
///  | 05 | the initiator's nonce, 16 bytes |
/// </code></remarks>
internal readonly ref struct ConfirmPacket : IWireFormat<ConfirmPacket>
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 17;

    /// <summary>16 bytes.</summary>
    public required ReadOnlySpan<byte> Nonce { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ConfirmPacket packet)
    {
        packet = default;
        if (datagram.Length != Length || datagram[0] != (byte)ControlKind.Confirm) return false;
        packet = new ConfirmPacket { Nonce = datagram[1..] };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)ControlKind.Confirm);
        writer.WriteBytes(Nonce);
        return writer.Length;
    }
}
