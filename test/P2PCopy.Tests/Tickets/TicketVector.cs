using System.Globalization;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Tests.Vectors;

namespace P2PCopy.Tests.Tickets;

/// <summary>A case of <c>vectors/tickets.txt</c>: the text, the ticket that its lines describe, and the bytes of its body.</summary>
internal sealed record TicketVector(string Text, Ticket Ticket, byte[] Body)
{
    private static readonly (string Key, CandidateKind Kind)[] Lists =
        [("host", CandidateKind.Host), ("host-v6", CandidateKind.HostV6), ("mapped", CandidateKind.Mapped), ("reflexive", CandidateKind.Reflexive)];

    public static IReadOnlyList<TicketVector> All { get; } = [.. VectorCases.Load("tickets").Cases.Select(Read)];

    /// <summary>The ticket of a home with IPv6 that wants to send, for tests that need any ticket.</summary>
    public static TicketVector Home => All[2];

    private static TicketVector Read(VectorCase vector)
    {
        var facts = vector["facts"].Split(", ");
        Assert.True(facts.Contains("sends") != facts.Contains("receives"));
        var text = vector["ticket"];
        var ticket = new Ticket
        {
            Primary = Endpoint(text[..text.IndexOf('-', StringComparison.Ordinal)]),
            IsReachable = facts.Contains("reachable"),
            WantsToSend = facts.Contains("sends"),
            EarlyPackets = Fact<EarlyPacketEffect>(facts, "early packets"),
            Mapping = Fact<MappingBehavior>(facts, "mapping"),
            Filtering = Fact<FilteringBehavior>(facts, "filtering"),
            Minute = (ushort)Numbers(vector, "minute").Single(),
            PublicKey = new PublicKey(vector.Bytes("key")),
            Candidates = [.. Lists.Where(list => vector.Has(list.Key))
                .SelectMany(list => vector[list.Key].Split(", ").Select(address => new Candidate(list.Kind, Endpoint(address))))],
            PredictedPorts = Numbers(vector, "predicted") is [var next, var step, var spread] ? new PredictedPorts((ushort)next, (short)step, (byte)spread) : null,
            PortRange = Numbers(vector, "range") is [var lowest, var highest] ? new PortRange((ushort)lowest, (ushort)highest) : null,
        };
        return new TicketVector(text, ticket, vector.Bytes("body"));
    }

    private static T Fact<T>(string[] facts, string name) where T : struct, Enum =>
        Enum.Parse<T>(facts.Single(fact => fact.StartsWith(name, StringComparison.Ordinal)).AsSpan(name.Length + 1));

    private static UdpEndpoint Endpoint(string text) => UdpEndpoint.TryParse(text, out var endpoint) ? endpoint : throw new FormatException(text);

    // "40020 step 2 spread 24": the words say which number is which.
    private static int[] Numbers(VectorCase vector, string key) => !vector.Has(key) ? [] :
        [.. vector[key].Split(' ').Where(word => !word.All(char.IsAsciiLetter)).Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
}
