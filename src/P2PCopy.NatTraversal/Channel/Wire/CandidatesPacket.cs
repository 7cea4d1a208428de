using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>All addresses at which its sender may be reached now, in place of those it told before. Repeated until answered.</summary>
/// <remarks><code>
///  | 03 | 0 news, 1 answer | generation (32) | records as in a ticket; none in an answer |
/// </code></remarks>
internal readonly ref struct CandidatesPacket : IWireFormat<CandidatesPacket>
{
    /// <summary>Bytes without records.</summary>
    public const int HeadLength = 6;

    /// <summary>Whether it answers.</summary>
    public bool IsAnswer { get; init; }

    /// <summary>Counts the news, so that an old one cannot undo a newer.</summary>
    public required uint Generation { get; init; }

    /// <summary>The records, to be read as those of a ticket.</summary>
    public ReadOnlySpan<byte> Records { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out CandidatesPacket packet)
    {
        packet = default;
        if (datagram.Length < HeadLength || datagram[0] != (byte)ControlKind.Candidates || datagram[1] > 1) return false;
        var reader = new PacketReader(datagram[2..]);
        packet = new CandidatesPacket { IsAnswer = datagram[1] == 1, Generation = reader.ReadUInt32(), Records = reader.Rest };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)ControlKind.Candidates);
        writer.WriteByte(IsAnswer ? (byte)1 : (byte)0);
        writer.WriteUInt32(Generation);
        writer.WriteBytes(Records);
        return writer.Length;
    }
}
