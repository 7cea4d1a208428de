using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>The sender has closed the session; nothing is answered.</summary>
/// <remarks><code>
///  | 08 | reason |
/// </code></remarks>
internal readonly ref struct ClosePacket : IWireFormat<ClosePacket>
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 2;

    /// <summary>Why.</summary>
    public required CloseReason Reason { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ClosePacket packet)
    {
        packet = default;
        if (datagram is not [(byte)ControlKind.Close, var reason]) return false;
        packet = new ClosePacket { Reason = (CloseReason)reason };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)ControlKind.Close);
        writer.WriteByte((byte)Reason);
        return writer.Length;
    }
}
