using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>One half of the post-quantum step (FIPS 203, ML-KEM-768): the initiator's encapsulation key, or the ciphertext as its answer.</summary>
/// <remarks><code>
///  | 06 | cipher | encapsulation key, 1184 bytes |
///  | 07 | ciphertext, 1088 bytes                 |
/// </code></remarks>
internal readonly ref struct KemPacket : IWireFormat<KemPacket>
{
    /// <summary><see cref="ControlKind.KemKey"/> or <see cref="ControlKind.KemCiphertext"/>.</summary>
    public required ControlKind Kind { get; init; }

    /// <summary>Of a key: whether AEGIS-256 may seal from epoch 1 on, in both directions, instead of what seals in epoch 0.</summary>
    public bool MayTakeAegis { get; init; }

    /// <summary>The key or the ciphertext.</summary>
    public required ReadOnlySpan<byte> Value { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out KemPacket packet)
    {
        packet = default;
        if (datagram.IsEmpty) return false;
        var kind = (ControlKind)datagram[0];
        var body = datagram[1..];
        if (kind == ControlKind.KemKey && body.Length == 1 + MlKem768.KeyLength && body[0] <= 1)
        {
            packet = new KemPacket { Kind = kind, MayTakeAegis = body[0] == 1, Value = body[1..] };
            return true;
        }

        if (kind != ControlKind.KemCiphertext || body.Length != MlKem768.CiphertextLength) return false;
        packet = new KemPacket { Kind = kind, Value = body };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)Kind);
        if (Kind == ControlKind.KemKey) writer.WriteByte(MayTakeAegis ? (byte)1 : (byte)0);
        writer.WriteBytes(Value);
        return writer.Length;
    }
}
