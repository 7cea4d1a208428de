using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Tickets;

/// <summary>Any ticket that may be.</summary>
internal static class TicketGen
{
    private static readonly Gen<ushort> Port = Gen.UShort[1, ushort.MaxValue];

    public static readonly Gen<UdpEndpoint> IPv4 = Gen.Select(Gen.UInt, Port, UdpEndpoint.FromIPv4).Where(AddressKind.CanBePeer);

    public static readonly Gen<UdpEndpoint> IPv6 =
        Gen.Select(Gen.ULong, Gen.ULong, Port, (high, low, port) => UdpEndpoint.FromIPv6(high, low, port)).Where(address => !address.IsIPv4 && AddressKind.CanBePeer(address));

    private static readonly Gen<Candidate> Candidate = Gen.OneOf(
        Gen.Select(Gen.Enum<CandidateKind>().Where(kind => kind is CandidateKind.Host or CandidateKind.Mapped or CandidateKind.Reflexive), IPv4, (kind, endpoint) => new Candidate(kind, endpoint)),
        IPv6.Select(endpoint => new Candidate(CandidateKind.HostV6, endpoint)));

    private static readonly Gen<PublicKey> Key = Gen.Byte.Array[PublicKey.Length].Select(bytes => new PublicKey(bytes));

    private static readonly Gen<(MappingBehavior, FilteringBehavior, EarlyPacketEffect)> Network =
        Gen.Select(Gen.Enum<MappingBehavior>(), Gen.Enum<FilteringBehavior>(), Gen.Enum<EarlyPacketEffect>());

    private static readonly Gen<PredictedPorts?> Predicted = Gen.Select(
        Gen.Bool, Port, Gen.Short.Where(step => step != 0), Gen.Byte, (told, next, step, spread) => told ? new PredictedPorts(next, step, spread) : (PredictedPorts?)null);

    private static readonly Gen<PortRange?> Range = Gen.Select(
        Gen.Bool, Port, Port, (told, a, b) => told ? new PortRange(Math.Min(a, b), Math.Max(a, b)) : (PortRange?)null);

    public static readonly Gen<Ticket> Any = Gen.Select(
        Gen.OneOf(IPv4, IPv6),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.UShort),
        Network,
        Key,
        Gen.Select(Candidate.Array[0, Ticket.MostAddresses - 1], Predicted, Range),
        (primary, flags, network, key, records) => new Ticket
        {
            Primary = primary,
            IsReachable = flags.Item1,
            WantsToSend = flags.Item2,
            Minute = flags.Item3,
            Mapping = network.Item1,
            Filtering = network.Item2,
            EarlyPackets = network.Item3,
            PublicKey = key,
            Candidates = records.Item1,
            PredictedPorts = records.Item2,
            PortRange = records.Item3,
        });
}
