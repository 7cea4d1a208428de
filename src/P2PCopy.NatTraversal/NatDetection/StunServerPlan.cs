namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>Which servers are asked what, in one run.</summary>
/// <param name="Mapping">Asked first from the main socket, at most four, each of another operator.</param>
/// <param name="Filtering">
/// Used from the scratch socket for the tests of RFC 5780; where there are enough, none of <paramref name="Mapping"/>.
/// </param>
/// <param name="Fallback">Asked from the main socket when none of the first answers.</param>
public sealed record StunServerPlan(
    IReadOnlyList<ServerName> Mapping, IReadOnlyList<ServerName> Filtering, IReadOnlyList<ServerName> Fallback)
{
    private const int MappingServers = 4;
    private const int FilteringServers = 4;
    private const int FallbackServers = 8;

    /// <summary>
    /// A draw from the built-in list, another one in each run so that no operator carries all; the two that are near to everybody
    /// are always among the first.
    /// </summary>
    public static StunServerPlan BuiltIn(Random random)
    {
        var plain = Shuffled(BuiltInStunServers.Plain, random);
        var discovery = Shuffled(BuiltInStunServers.BehaviorDiscovery, random);
        var mapping = BuiltInStunServers.Anycast.Concat(plain.Take(MappingServers - BuiltInStunServers.Anycast.Count)).ToArray();
        var rest = plain.Concat(discovery.Skip(FilteringServers)).Except(mapping).ToArray();
        random.Shuffle(rest);
        return new(mapping, discovery[..FilteringServers], rest[..FallbackServers]);
    }

    /// <summary>
    /// The servers a user named, in that order. Nobody knows which of them can do what; those that the mapping test leaves alone are
    /// tried first for filtering, then from the end.
    /// </summary>
    public static StunServerPlan Of(IReadOnlyList<ServerName> servers)
    {
        var distinct = servers.Distinct().ToArray();
        var filtering = distinct.Skip(MappingServers).Concat(distinct.Take(MappingServers).Reverse()).Take(FilteringServers);
        return new(
            distinct.Take(MappingServers).ToArray(), filtering.ToArray(), distinct.Skip(MappingServers).Take(FallbackServers).ToArray());
    }

    private static ServerName[] Shuffled(IReadOnlyList<ServerName> names, Random random)
    {
        var copy = names.ToArray();
        random.Shuffle(copy);
        return copy;
    }
}
