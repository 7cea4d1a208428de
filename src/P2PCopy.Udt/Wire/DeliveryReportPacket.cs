using System.Buffers.Binary;
using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Wire;

/// <summary>
/// What has arrived, exactly, and when (control type 9, ours; only between peers that both announced it). It takes the place of
/// acknowledgements and loss reports.
/// </summary>
/// <remarks><code>
///  | next expected | highest arrived | echoed time stamp, µs |
///  | arrival, µs | delay, µs | free, packets | duplicates |
///  | runs: arrived (16), missing below them (16) | …
/// </code></remarks>
internal readonly ref struct DeliveryReportPacket : IWireFormat<DeliveryReportPacket>
{
    /// <summary>Bytes of a report without runs.</summary>
    public const int LeastLength = PacketHeader.Length + FixedBody;

    private const int FixedBody = 28;

    public uint Destination { get; init; }

    /// <summary>Every packet before this one has arrived.</summary>
    public SequenceNumber NextExpected { get; init; }

    /// <summary>The newest packet that has arrived, in the order of numbers; the one before <see cref="NextExpected"/> when nothing is missing.</summary>
    public SequenceNumber Highest { get; init; }

    /// <summary>The time stamp of the data packet that arrived last, by its sender's clock.</summary>
    public uint EchoedTimestamp { get; init; }

    /// <summary>When that one arrived, by the clock of the report's writer, µs.</summary>
    public uint Arrival { get; init; }

    /// <summary>How long the report has waited since, µs.</summary>
    public uint DelayMicroseconds { get; init; }

    /// <summary>Packets there is room for behind <see cref="NextExpected"/>.</summary>
    public uint FreePackets { get; init; }

    /// <summary>Packets that came although they had arrived, since the beginning.</summary>
    public uint Duplicates { get; init; }

    /// <summary>From <see cref="Highest"/> downwards: a run that arrived, a run below it that is missing, and so on.</summary>
    public ReadOnlySpan<byte> Runs { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out DeliveryReportPacket packet)
    {
        packet = default;
        if (!PacketHeader.TryRead(datagram, out var header) || !header.IsControl || header.Type != ControlType.DeliveryReport) return false;
        if (datagram.Length < LeastLength || datagram.Length % 4 != 0) return false;
        var reader = new PacketReader(datagram[PacketHeader.Length..]);
        packet = new DeliveryReportPacket
        {
            Destination = header.Destination,
            NextExpected = new SequenceNumber(reader.ReadUInt32()),
            Highest = new SequenceNumber(reader.ReadUInt32()),
            EchoedTimestamp = reader.ReadUInt32(),
            Arrival = reader.ReadUInt32(),
            DelayMicroseconds = reader.ReadUInt32(),
            FreePackets = reader.ReadUInt32(),
            Duplicates = reader.ReadUInt32(),
            Runs = datagram[LeastLength..],
        };
        return true;
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        PacketHeader.WriteControl(ref writer, ControlType.DeliveryReport, 0, Destination);
        writer.WriteUInt32(NextExpected.Value);
        writer.WriteUInt32(Highest.Value);
        writer.WriteUInt32(EchoedTimestamp);
        writer.WriteUInt32(Arrival);
        writer.WriteUInt32(DelayMicroseconds);
        writer.WriteUInt32(FreePackets);
        writer.WriteUInt32(Duplicates);
        writer.WriteBytes(Runs);
        return writer.Length;
    }

    /// <summary>Takes the next pair of runs off the list.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> runs, out int arrived, out int missing)
    {
        arrived = missing = 0;
        if (runs.Length < 4) return false;
        arrived = BinaryPrimitives.ReadUInt16BigEndian(runs);
        missing = BinaryPrimitives.ReadUInt16BigEndian(runs[2..]);
        runs = runs[4..];
        return true;
    }

    /// <summary>Puts a pair of runs into a list; returns its bytes, 0 when there is no room. Longer runs take several pairs.</summary>
    public static int Append(Span<byte> room, long arrived, long missing)
    {
        var length = 0;
        while (arrived > 0 || missing > 0)
        {
            if (room.Length < length + 4) return length;
            var (run, gap) = ((ushort)Math.Min(arrived, ushort.MaxValue), (ushort)(arrived > ushort.MaxValue ? 0 : Math.Min(missing, ushort.MaxValue)));
            BinaryPrimitives.WriteUInt16BigEndian(room[length..], run);
            BinaryPrimitives.WriteUInt16BigEndian(room[(length + 2)..], gap);
            (arrived, missing, length) = (arrived - run, missing - gap, length + 4);
        }

        return length;
    }
}
