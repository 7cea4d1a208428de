using P2PCopy.Datagrams;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>What the receiver does with the next entries; a message of plans is a sequence of runs.</summary>
internal readonly record struct PlanRun(PlanKind Kind, int Count) : IWireFormat<PlanRun>
{
    //  | kind, 1 | entries, 4 |
    public const int Bytes = 5;

    public static bool TryRead(ReadOnlySpan<byte> datagram, out PlanRun packet)
    {
        var reader = new PacketReader(datagram);
        var (kind, count) = ((PlanKind)reader.ReadByte(), reader.ReadUInt32());
        packet = new PlanRun(kind, (int)count);
        return !reader.Failed && kind <= PlanKind.Have && count is > 0 and <= TreeLimits.Entries && (kind != PlanKind.Have || count == 1);
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)Kind);
        writer.WriteUInt32((uint)Count);
        return writer.Length;
    }
}
