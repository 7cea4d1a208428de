using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>The responder's answer to a <see cref="ConfirmPacket"/>.</summary>
/// <remarks><code>
///  | 05 | 1 | words asked |
/// </code></remarks>
internal readonly ref struct ConfirmedPacket : IWireFormat<ConfirmedPacket>
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 3;

    /// <summary>
    /// How many words of the initiator's screen the responder's user has to type: 0 when it knows the initiator by ticket, else 2, or 4
    /// when so many strangers have come that two words are too few.
    /// </summary>
    public required byte WordsAsked { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ConfirmedPacket packet)
    {
        packet = default;
        if (datagram is not [(byte)ControlKind.Confirm, 1, (0 or 2 or 4) and var words]) return false;
        packet = new ConfirmedPacket { WordsAsked = words };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)ControlKind.Confirm);
        writer.WriteByte(1);
        writer.WriteByte(WordsAsked);
        return writer.Length;
    }
}
