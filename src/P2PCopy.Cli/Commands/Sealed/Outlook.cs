using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>What is to be expected of two networks, said before anybody waits.</summary>
/// <param name="own">This side's network.</param>
/// <param name="ownTicket">What the peer is told.</param>
/// <param name="peer">What the peer told.</param>
internal sealed class Outlook(NetworkReport own, Ticket ownTicket, Ticket peer)
{
    private const string Help =
        "What helps: IPv6 on both sides, the same local network, or another network on one side, that of a phone for example.";

    /// <summary>Both networks and what follows for this pair.</summary>
    public string Sentence => (ownTicket.IsReachable || peer.IsReachable, own.Firewall, PeerFirewall) switch
    {
        (_, FirewallType.Unknown, _) or (_, _, FirewallType.Unknown) => "",
        (_, FirewallType.UdpBlocked, _) or (_, _, FirewallType.UdpBlocked) => $"{Pair}: only your own network can connect the two of you. {Help}",
        (false, FirewallType.Symmetric, FirewallType.Symmetric) => $"{Pair}: the internet cannot connect such a pair. {Help}",
        (false, FirewallType.Symmetric, not FirewallType.RestrictedCone) or (false, not FirewallType.RestrictedCone, FirewallType.Symmetric) =>
            $"{Pair}: such a pair seldom connects over IPv4. {Help}",
        (true, _, _) => $"{Pair}: usually connected within a second.",
        _ => $"{Pair}: usually connected within a second after both of you entered the other's ticket.",
    };

    /// <summary>The last part again, for those who have waited in vain; <see langword="null"/> when this pair should work.</summary>
    public string? Obstacle => Sentence.Contains(Help, StringComparison.Ordinal) ? Sentence : null;

    private FirewallType PeerFirewall => peer.Mapping == MappingBehavior.Unknown
        ? FirewallType.Unknown
        : new NetworkReport { ServersAsked = 1, MappedEndpoint = peer.Primary, Mapping = peer.Mapping, Filtering = peer.Filtering }.Firewall;

    private string Pair => $"You: {own.Firewall}, your peer: {PeerFirewall}";
}
