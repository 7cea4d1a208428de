using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>One half of the post-quantum step (FIPS 203, ML-KEM-768): the initiator's encapsulation key, or the ciphertext as its answer.</summary>
/// <remarks><code>
///  | 06 | encapsulation key, 1184 bytes |
///  | 07 | ciphertext, 1088 bytes        |
/// </code></remarks>
internal readonly ref struct KemPacket : IWireFormat<KemPacket>
{
    /// <summary><see cref="ControlKind.KemKey"/> or <see cref="ControlKind.KemCiphertext"/>.</summary>
    public required ControlKind Kind { get; init; }

    /// <summary>The key or the ciphertext.</summary>
    public required ReadOnlySpan<byte> Value { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out KemPacket packet)
    {
        packet = default;
        if (datagram.IsEmpty) return false;
        var kind = (ControlKind)datagram[0];
        var length = kind switch { ControlKind.KemKey => MlKem768.KeyLength, ControlKind.KemCiphertext => MlKem768.CiphertextLength, _ => -1 };
        if (datagram.Length - 1 != length) return false;
        packet = new KemPacket { Kind = kind, Value = datagram[1..] };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)Kind);
        writer.WriteBytes(Value);
        return writer.Length;
    }
}
