using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>
/// The records that a ticket holds behind its key, and a CANDIDATES message likewise: one byte with the type above and a count below,
/// then the data. Addresses of one kind and port that stand together share a record.
/// </summary>
internal static class TicketRecords
{
    private const int MostInOneRecord = 15;
    private const int FirstSkippable = 8;

    // PROTOCOL TKT-7.
    private enum Type
    {
        Host = 1,
        HostV6 = 2,
        Mapped = 3,
        Reflexive = 4,
        PredictedPorts = 5,
        PortRange = 6,
    }

    /// <summary>Bytes that suffice for a number of addresses.</summary>
    public static int MaxLength(int candidates) => candidates * (1 + 2 + 16);

    /// <summary>Writes addresses in the order given.</summary>
    public static void Write(ref PacketWriter writer, IReadOnlyList<Candidate> candidates)
    {
        for (var i = 0; i < candidates.Count;)
        {
            var first = candidates[i];
            var together = i + 1;
            while (together < candidates.Count && together - i < MostInOneRecord && ShareRecord(first, candidates[together])) together++;
            writer.WriteByte(Head(TypeOf(first.Kind), together - i));
            if (HasCommonPort(first.Kind)) writer.WriteUInt16(first.Endpoint.Port);
            for (; i < together; i++) WriteAddress(ref writer, candidates[i]);
        }
    }

    /// <summary>Writes where the ports of a stepping NAT are going.</summary>
    public static void Write(ref PacketWriter writer, PredictedPorts ports)
    {
        writer.WriteByte(Head(Type.PredictedPorts, 0));
        writer.WriteUInt16(ports.Next);
        writer.WriteUInt16((ushort)ports.Step);
        writer.WriteByte(ports.Spread);
    }

    /// <summary>Writes the block of ports of a carrier's NAT.</summary>
    public static void Write(ref PacketWriter writer, PortRange range)
    {
        writer.WriteByte(Head(Type.PortRange, 0));
        writer.WriteUInt16(range.Lowest);
        writer.WriteUInt16(range.Highest);
    }

    /// <summary>Reads all records.</summary>
    /// <param name="bytes">The records and nothing behind them.</param>
    /// <param name="most">How many addresses there may be.</param>
    /// <param name="candidates">Takes the addresses, checked to be those of a peer; loopback is left to the caller.</param>
    /// <param name="predicted">The predicted ports, if told.</param>
    /// <param name="range">The block of ports, if told.</param>
    public static TicketFault Read(
        ReadOnlySpan<byte> bytes, int most, List<Candidate> candidates, out PredictedPorts? predicted, out PortRange? range)
    {
        (predicted, range) = (null, null);
        var reader = new PacketReader(bytes);
        while (!reader.Rest.IsEmpty)
        {
            var head = reader.ReadByte();
            var (type, count) = (head >> 4, head & 15);
            var fault = (Type)type switch
            {
                Type.PredictedPorts when count == 0 && predicted is null => ReadPredicted(ref reader, out predicted),
                Type.PortRange when count == 0 && range is null => ReadRange(ref reader, out range),
                >= Type.Host and <= Type.Reflexive when count > 0 => ReadAddresses(ref reader, (Type)type, count, most, candidates),
                >= (Type)FirstSkippable => Skip(ref reader),
                _ => TicketFault.Malformed,
            };
            if (reader.Failed) return TicketFault.Malformed;
            if (fault != TicketFault.None) return fault;
        }

        return TicketFault.None;
    }

    private static TicketFault ReadAddresses(ref PacketReader reader, Type type, int count, int most, List<Candidate> candidates)
    {
        if (candidates.Count + count > most) return TicketFault.TooManyAddresses;
        var kind = KindOf(type);
        var port = HasCommonPort(kind) ? reader.ReadUInt16() : (ushort)0;
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            var endpoint = kind == CandidateKind.HostV6
                ? UdpEndpoint.FromIPv6(reader.ReadUInt64(), reader.ReadUInt64(), port)
                : UdpEndpoint.FromIPv4(reader.ReadUInt32(), HasCommonPort(kind) ? port : reader.ReadUInt16());
            if (!AddressKind.CanBePeer(endpoint) || endpoint.IsIPv4 != (kind != CandidateKind.HostV6)) return TicketFault.BadAddress;
            candidates.Add(new Candidate(kind, endpoint));
        }

        return TicketFault.None;
    }

    private static TicketFault ReadPredicted(ref PacketReader reader, out PredictedPorts? predicted)
    {
        var ports = new PredictedPorts(reader.ReadUInt16(), (short)reader.ReadUInt16(), reader.ReadByte());
        predicted = ports;
        return IsSensible(ports) ? TicketFault.None : TicketFault.Malformed;
    }

    private static TicketFault ReadRange(ref PacketReader reader, out PortRange? range)
    {
        var ports = new PortRange(reader.ReadUInt16(), reader.ReadUInt16());
        range = ports;
        return IsSensible(ports) ? TicketFault.None : TicketFault.Malformed;
    }

    // PROTOCOL TKT-8: types from 8 on say their length.
    private static TicketFault Skip(ref PacketReader reader)
    {
        reader.ReadBytes(reader.ReadByte());
        return TicketFault.None;
    }

    /// <summary>Whether ports can be predicted by these numbers.</summary>
    public static bool IsSensible(PredictedPorts ports) => ports is { Next: > 0, Step: not 0 };

    /// <summary>Whether there is a port in the range.</summary>
    public static bool IsSensible(PortRange range) => range.Lowest > 0 && range.Lowest <= range.Highest;

    /// <summary>Whether an address may stand in a record of its kind.</summary>
    public static bool CanHold(Candidate candidate) =>
        candidate.Kind <= CandidateKind.Reflexive
        && candidate.Endpoint.IsIPv4 == (candidate.Kind != CandidateKind.HostV6)
        && AddressKind.CanBePeer(candidate.Endpoint);

    private static void WriteAddress(ref PacketWriter writer, Candidate candidate)
    {
        if (candidate.Kind == CandidateKind.HostV6)
        {
            writer.WriteUInt64(candidate.Endpoint.HighBits);
            writer.WriteUInt64(candidate.Endpoint.LowBits);
            return;
        }

        writer.WriteUInt32(candidate.Endpoint.IPv4Bits);
        if (!HasCommonPort(candidate.Kind)) writer.WriteUInt16(candidate.Endpoint.Port);
    }

    private static bool ShareRecord(Candidate first, Candidate next) =>
        first.Kind == next.Kind && (!HasCommonPort(first.Kind) || first.Endpoint.Port == next.Endpoint.Port);

    // A socket has one port on all interfaces; what NATs and routers give out has a port each.
    private static bool HasCommonPort(CandidateKind kind) => kind is CandidateKind.Host or CandidateKind.HostV6;

    private static byte Head(Type type, int count) => (byte)(((int)type << 4) | count);

    private static Type TypeOf(CandidateKind kind) => kind switch
    {
        CandidateKind.Host => Type.Host,
        CandidateKind.HostV6 => Type.HostV6,
        CandidateKind.Mapped => Type.Mapped,
        CandidateKind.Reflexive => Type.Reflexive,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no record holds such an address"),
    };

    private static CandidateKind KindOf(Type type) => type switch
    {
        Type.Host => CandidateKind.Host,
        Type.HostV6 => CandidateKind.HostV6,
        Type.Mapped => CandidateKind.Mapped,
        _ => CandidateKind.Reflexive,
    };
}
