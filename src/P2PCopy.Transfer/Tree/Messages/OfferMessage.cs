using System.Text;
using System.Text.Unicode;
using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>What the manifest will add up to: a view over the bytes, but for the numbers.</summary>
internal readonly ref struct OfferMessage : IWireFormat<OfferMessage>
{
    //  | entries, 4 | entries with content, 4 | bytes, 8 | names, 1 | each: length, 1 | name |
    public uint Entries { get; init; }

    public uint Files { get; init; }

    public ulong TotalBytes { get; init; }

    public byte NameCount { get; init; }

    /// <summary>The names, each with its length in front.</summary>
    public ReadOnlySpan<byte> Names { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out OfferMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new OfferMessage
        {
            Entries = reader.ReadUInt32(),
            Files = reader.ReadUInt32(),
            TotalBytes = reader.ReadUInt64(),
            NameCount = reader.ReadByte(),
            Names = reader.Rest,
        };
        if (reader.Failed || packet.NameCount > TreeLimits.TopNames) return false;
        for (var i = 0; i < packet.NameCount; i++)
        {
            if (!IsName(reader.ReadBytes(reader.ReadByte()))) return false;
        }

        return !reader.Failed && reader.Rest.IsEmpty;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteUInt32(Entries);
        writer.WriteUInt32(Files);
        writer.WriteUInt64(TotalBytes);
        writer.WriteByte(NameCount);
        writer.WriteBytes(Names);
        return writer.Length;
    }

    /// <summary>The names as text.</summary>
    public string[] ReadNames()
    {
        var names = new string[NameCount];
        var reader = new PacketReader(Names);
        for (var i = 0; i < names.Length; i++) names[i] = Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadByte()));
        return names;
    }

    /// <summary>Names in the form of <see cref="Names"/>.</summary>
    public static byte[] PackNames(IEnumerable<string> names) =>
        [.. names.Select(Encoding.UTF8.GetBytes).SelectMany(name => (byte[])[(byte)name.Length, .. name])];

    private static bool IsName(ReadOnlySpan<byte> name) => name.Length > 0 && Utf8.IsValid(name);
}
