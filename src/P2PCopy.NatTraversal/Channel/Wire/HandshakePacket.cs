using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>A datagram of a handshake: the header, one message of the Noise framework, and a keyed sum over all of it.</summary>
/// <remarks><code>
///  | header, 16 bytes; its counter is the attempt id |
///  | Noise message: 128, 96, 144, 144 or 96 bytes    |
///  | mac1, 16 bytes                                  |
/// </code></remarks>
internal readonly ref struct HandshakePacket : IWireFormat<HandshakePacket>
{
    /// <summary>Bytes of the longest one.</summary>
    public const int MaxLength = 176;

    /// <summary>Bytes of the sum.</summary>
    public const int MacLength = 16;

    /// <summary>Bytes around the Noise message.</summary>
    public const int Overhead = DatagramHeader.Length + MacLength;

    /// <summary>Which message it is.</summary>
    public required PacketType Type { get; init; }

    /// <summary>The same in all datagrams of one attempt.</summary>
    public required ulong AttemptId { get; init; }

    /// <summary>What the receiver chose, or what its public key says, or all ones to a stranger.</summary>
    public required uint ReceiverIndex { get; init; }

    /// <summary>The message of the Noise framework.</summary>
    public required ReadOnlySpan<byte> Message { get; init; }

    /// <summary>The sum over all before it; written as zeros when empty.</summary>
    public ReadOnlySpan<byte> Mac { get; init; }

    /// <summary>Bytes of a whole datagram of this type, or 0 when handshakes have no such type.</summary>
    // PROTOCOL HSK-1.
    public static int LengthOf(PacketType type) => type switch
    {
        PacketType.Init => 160,
        PacketType.Response or PacketType.FinishXX => 128,
        PacketType.HelloXX or PacketType.ResponseXX => 176,
        _ => 0,
    };

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out HandshakePacket packet)
    {
        packet = default;
        if (!DatagramHeader.TryRead(datagram, out var header) || header.Epoch != 0 || datagram.Length != LengthOf(header.Type)) return false;
        packet = new HandshakePacket
        {
            Type = header.Type,
            AttemptId = header.Counter,
            ReceiverIndex = header.ReceiverIndex,
            Message = datagram[DatagramHeader.Length..^MacLength],
            Mac = datagram[^MacLength..],
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var header = new DatagramHeader { Type = Type, Counter = AttemptId, ReceiverIndex = ReceiverIndex };
        var writer = new PacketWriter(destination[header.Write(destination)..]);
        writer.WriteBytes(Message);
        if (Mac.IsEmpty) writer.WriteBytes(stackalloc byte[MacLength]);
        else writer.WriteBytes(Mac);
        return DatagramHeader.Length + writer.Length;
    }
}
