using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Simulation.Paths;

/// <summary>Two hosts out of chance, what they know of each other, and what happens to them. A function of its seed.</summary>
internal sealed record PathScenario
{
    private static readonly NatBehavior[] Cones =
        [NatBehavior.FullCone, NatBehavior.RestrictedCone, NatBehavior.PortRestrictedCone, NatBehavior.Open, NatBehavior.FirewallStateful];

    private static readonly NatBehavior[] OpenToNewPorts = [NatBehavior.FullCone, NatBehavior.RestrictedCone, NatBehavior.Open];
    private static readonly NatBehavior[] OpenToAll = [NatBehavior.FullCone, NatBehavior.Open];

    public required ulong Seed { get; init; }

    public required PathAccident Accident { get; init; }

    public required NatBehavior LeftNat { get; init; }

    public required NatBehavior RightNat { get; init; }

    public required NatBehavior LaterNat { get; init; }

    public required bool SameNetwork { get; init; }

    public required bool WithV6 { get; init; }

    public required LinkProfile Link { get; init; }

    public required bool LeftInitiates { get; init; }

    /// <summary>How much later the left user pastes; negative when the right one does.</summary>
    public required TimeSpan LeftLater { get; init; }

    /// <summary>Addresses in the tickets at which nobody is.</summary>
    public required int DeadCandidates { get; init; }

    public bool IsLossy => Link.Loss > 0;

    public TimeSpan RoundTrip => Link.Delay * 2;

    public static PathScenario FromSeed(ulong seed)
    {
        var random = SeededRandom.For(seed, "paths");
        var accident = Pick(random, Enum.GetValues<PathAccident>());
        var same = accident is PathAccident.LanCut or PathAccident.LanMended || (accident == PathAccident.BlackOut && random.Chance(0.2));

        // A peer that lets in known ports alone cannot be found again from a new one; that needs guessing, or a new ticket.
        var right = Pick(random, accident switch
        {
            PathAccident.NewPort => OpenToNewPorts,
            PathAccident.OtherNetwork or PathAccident.OtherNetworkUnnoticed => OpenToAll,
            _ => Cones,
        });
        var left = right.Filtering != NatScope.AddressAndPortDependent && !same && random.Chance(0.25) ? NatBehavior.Symmetric : Pick(random, Cones);

        // Nothing opened a hole for the better address yet.
        if (accident == PathAccident.BetterCandidate) left = NatBehavior.Open;
        if (same) (left, right) = (NatBehavior.FullCone with { Hairpin = true }, NatBehavior.FullCone);
        return new PathScenario
        {
            Seed = seed,
            Accident = accident,
            LeftNat = left,
            RightNat = right,
            LaterNat = Pick(random, Cones),
            SameNetwork = same,
            WithV6 = left != NatBehavior.Symmetric && accident is not (PathAccident.LanCut or PathAccident.LanMended or PathAccident.BetterCandidate) && random.Chance(0.4),
            Link = new LinkProfile
            {
                Name = "random",
                Delay = TimeSpan.FromMilliseconds(Math.Round(random.Magnitude(1, 90), 3)),
                Loss = random.Chance(0.3) ? random.Magnitude(0.001, 0.05) : 0,
                Mtu = Pick(random, [1500, 1500, 1492, 1480, 1420, 1300]),
            },
            LeftInitiates = random.Chance(0.5),
            LeftLater = TimeSpan.FromMilliseconds(random.Between(-2000, 2000)),
            DeadCandidates = (int)random.Between(0, 10),
        };
    }

    /// <summary>What the ticket of a host says; its mapping, if it has one, must have been made before.</summary>
    public List<Candidate> Candidates(SimHost host, ushort port, SeededRandom random)
    {
        List<Candidate> candidates = [new(CandidateKind.Host, host.Address.WithPort(port))];
        if (WithV6 && host.AddressV6 is { } v6) candidates.Add(new(CandidateKind.HostV6, v6.WithPort(port)));
        if (host.Nats.LastOrDefault() is { Behavior.Translates: true } nat) candidates.Add(new(CandidateKind.Reflexive, nat.OutsideAddress.WithPort(port)));
        for (var i = 0; i < DeadCandidates; i++)
        {
            var kind = Pick(random, [CandidateKind.Host, CandidateKind.Mapped, CandidateKind.Reflexive]);
            var network = kind == CandidateKind.Host ? 0x0afe0000u : 0x17000000u;
            candidates.Insert((int)random.Between(0, candidates.Count), new(kind, UdpEndpoint.FromIPv4(network + (uint)random.Between(1, 9999), port)));
        }

        return candidates;
    }

    private static T Pick<T>(SeededRandom random, T[] values) => values[random.Between(0, values.Length - 1)];
}
