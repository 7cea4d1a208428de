using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>What each side says first: which versions and features it has, and which part it plays.</summary>
internal readonly record struct HelloMessage(ushort Lowest, ushort Highest, bool Sends, TreeFeatures Features) : IWireFormat<HelloMessage>
{
    //  | "p2pt", 4 | lowest version, 2 | highest version, 2 | role, 1 | features, 4 | what later versions add |
    //  role: 0 receives, 1 sends, 2 waits to be measured, 3 measures
    public const uint Magic = 0x70327074;

    private const byte SendsBit = 1;
    private const byte MeasuresBit = 2;

    /// <summary>Whether nothing is to be copied, and the path is to be measured by a sender or with one.</summary>
    public bool Measures { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out HelloMessage packet)
    {
        var reader = new PacketReader(datagram);
        var magic = reader.ReadUInt32();
        var (lowest, highest, role) = (reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadByte());
        packet = new HelloMessage(lowest, highest, (role & SendsBit) != 0, (TreeFeatures)reader.ReadUInt32()) { Measures = (role & MeasuresBit) != 0 };
        return !reader.Failed && magic == Magic && lowest <= highest && role <= (SendsBit | MeasuresBit);
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Magic);
        writer.WriteUInt16(Lowest);
        writer.WriteUInt16(Highest);
        writer.WriteByte((byte)((Sends ? SendsBit : 0) | (Measures ? MeasuresBit : 0)));
        writer.WriteUInt32((uint)Features);
        return writer.Length;
    }
}

/// <summary>What a side asks for beyond the version.</summary>
[Flags]
internal enum TreeFeatures : uint
{
    None = 0,

    /// <summary>The SHA-256 of each whole file goes with its end; one side that asks for it is enough.</summary>
    Digests = 1,

    /// <summary>The receiver tells why entries were not taken; both sides must know of it.</summary>
    Notes = 2,

    /// <summary>
    /// The receiver wants every entry whole and asks nobody: contents follow the manifest at once, without plans. The receiver asks for
    /// it, and the sender must know of it.
    /// </summary>
    WantsAll = 4,
}
