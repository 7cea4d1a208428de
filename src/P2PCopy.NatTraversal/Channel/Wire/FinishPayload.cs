using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>What the third message of Noise XX carries, sealed.</summary>
/// <remarks><code>
///  | version = 1 | capabilities | the initiator's nonce, 16 bytes | 0, 14 bytes |
/// </code></remarks>
internal readonly ref struct FinishPayload : IWireFormat<FinishPayload>
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 32;

    /// <summary>What stood in the hello, now sealed by its sender's key.</summary>
    public required Capabilities Capabilities { get; init; }

    /// <summary>What the hello committed to: 16 bytes.</summary>
    public required ReadOnlySpan<byte> Nonce { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out FinishPayload packet)
    {
        packet = default;
        if (datagram.Length != Length || datagram[0] != HelloPayload.CurrentVersion) return false;
        packet = new FinishPayload { Capabilities = (Capabilities)datagram[1], Nonce = datagram.Slice(2, 16) };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte(HelloPayload.CurrentVersion);
        writer.WriteByte((byte)Capabilities);
        writer.WriteBytes(Nonce);
        writer.WriteBytes(stackalloc byte[14]);
        return writer.Length;
    }
}
