using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>What is to be expected of two networks, said before anybody waits; it is the words for what the link itself goes by.</summary>
/// <param name="own">This side's network.</param>
/// <param name="ownTicket">What the peer is told.</param>
/// <param name="peer">What the peer told.</param>
internal sealed class Outlook(NetworkReport own, Ticket ownTicket, Ticket peer)
{
    private const string Help =
        "What helps: IPv6 on both sides, the same local network, or another network on one side, that of a phone for example.";

    private const string HelpOfRouters =
        "What helps: UPnP turned on in one of the routers, IPv6 on both sides, the same local network, or another network on one side, that of a phone for example.";

    private readonly CrossingPlan _plan = CrossingPlan.Between(ownTicket, peer);

    /// <summary>By what means the two come together.</summary>
    public CrossingKind Kind => _plan.Kind;

    /// <summary>Whether waiting is of no use.</summary>
    public bool IsHopeless => Kind == CrossingKind.Hopeless;

    /// <summary>Both networks and what follows for this pair; empty when nothing is known of one of them.</summary>
    public string Sentence => Kind == CrossingKind.SameComputer ? "Your peer is on this very computer: usually connected within a second."
        : IsUnknown ? "" : $"{Pair}: {Expectation}";

    /// <summary>What to tell somebody who has waited for some seconds in vain.</summary>
    public string Patience => Kind switch
    {
        CrossingKind.CommonSlots => "Both programs try together at every full 40 seconds of the clock, and may need more than one of these times.",
        CrossingKind.PerhapsSlots => "Both programs try together at every full 40 seconds of the clock; that may take a minute and a half.",
        CrossingKind.Guessing or CrossingKind.Prediction => "Guessing goes on at every full 40 seconds of the clock, for three minutes after you entered the ticket.",
        CrossingKind.Luck => "Both routers count their ports up, and so may miss each other. Starting both programs again is a new chance.",
        CrossingKind.OwnNetworkOnly => "One of you cannot be reached over the internet, so the two of you must be in one network.",
        CrossingKind.NoCommonFamily => "One of you has only IPv4 and the other only IPv6, so the two of you must be in one network.",
        CrossingKind.SharedNetwork or CrossingKind.NearbyAddresses => "You seem to be in one network. Some Wi-Fi networks, those of guests above all, keep their devices from each other.",
        CrossingKind.SameComputer => "Two programs on one computer connect within a second once each has the other's ticket.",
        _ => "Two such networks connect within a second once both of you have entered the other's ticket.",
    };

    /// <summary>What makes it hard and what would help, for those who have waited long.</summary>
    public string Obstacle => Kind switch
    {
        CrossingKind.Guessing or CrossingKind.Prediction or CrossingKind.Luck or CrossingKind.Hopeless => $"{Hard} {HelpOfRouters}",
        CrossingKind.CommonSlots or CrossingKind.PerhapsSlots =>
            "What makes it hard: packets that come early disturb a router. A port forwarded by it (UPnP), or another network on one side, avoids that.",
        CrossingKind.OwnNetworkOnly or CrossingKind.NoCommonFamily or CrossingKind.SharedNetwork or CrossingKind.NearbyAddresses => Help,
        CrossingKind.SameComputer => "If each has the ticket that the other's screen shows now, a firewall of this computer stands in the way.",
        _ => $"If both of you entered the tickets that the screens show now, a firewall of one computer stands in the way. {Help}",
    };

    private bool IsUnknown => own.Firewall == FirewallType.Unknown || _plan.PeerFirewall == FirewallType.Unknown;

    private string Expectation => Kind switch
    {
        CrossingKind.Direct => ownTicket.IsReachable || peer.IsReachable
            ? "usually connected within a second."
            : "usually connected within a second after both of you entered the other's ticket.",
        CrossingKind.SharedNetwork => "both are seen at one address, so you are probably in one network: usually connected within a second.",
        CrossingKind.NearbyAddresses => "your addresses look like those of one network: if they are, usually connected within a second.",
        CrossingKind.Prediction => "usually connected within 5 seconds, by foretelling a port.",
        CrossingKind.Guessing => "usually connected within 20 seconds, by guessing a port.",
        CrossingKind.CommonSlots => "usually connected within 45 seconds, since both programs have to start at the same moment.",
        CrossingKind.PerhapsSlots => "usually connected within a second, at worst after a minute and a half.",
        CrossingKind.Luck => $"such a pair seldom connects. {HelpOfRouters}",
        CrossingKind.NoCommonFamily =>
            $"one of you has only IPv4 and the other only IPv6, so only your own network can connect the two of you. {Help}",
        CrossingKind.OwnNetworkOnly => $"only your own network can connect the two of you. {Help}",
        _ => $"the internet cannot connect such a pair. {HelpOfRouters}",
    };

    private string Hard => (own.Firewall, _plan.PeerFirewall) switch
    {
        (FirewallType.Symmetric, FirewallType.Symmetric) => "What makes it hard: both routers show every peer another port.",
        (FirewallType.Symmetric, _) => "What makes it hard: your router shows every peer another port.",
        _ => "What makes it hard: your peer's router shows every peer another port.",
    };

    private string Pair => $"You: {own.Firewall}, your peer: {_plan.PeerFirewall}";
}
