using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>Answers a <see cref="PingPacket"/>: its challenge, and from where it came. It is padded to the ping's size.</summary>
/// <remarks><code>
///  | 02 | challenge (64) | observed address, 19 bytes | 0, padding of any length |
/// </code></remarks>
internal readonly ref struct PongPacket : IWireFormat<PongPacket>
{
    /// <summary>Bytes without padding.</summary>
    public const int Length = 9 + EndpointField.Length;

    /// <summary>That of the ping.</summary>
    public required ulong Challenge { get; init; }

    /// <summary>Source of the ping as this side saw it.</summary>
    public required UdpEndpoint Observed { get; init; }

    /// <summary>Bytes of zeros behind it.</summary>
    public int Padding { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out PongPacket packet)
    {
        packet = default;
        if (datagram.Length < Length || datagram[0] != (byte)ControlKind.Pong) return false;
        var reader = new PacketReader(datagram[1..]);
        var challenge = reader.ReadUInt64();
        if (!EndpointField.TryRead(ref reader, out var observed)) return false;
        packet = new PongPacket { Challenge = challenge, Observed = observed, Padding = datagram.Length - Length };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)ControlKind.Pong);
        writer.WriteUInt64(Challenge);
        EndpointField.Write(ref writer, Observed);
        destination.Slice(Length, Padding).Clear();
        return Length + Padding;
    }
}
