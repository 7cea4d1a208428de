namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>
/// Public STUN servers that answer everybody, as names: addresses rot. Checked against the list of github.com/pradt2/always-online-stun
/// of August 2026, which tries hundreds of servers every hour but leaves out the two largest.
/// </summary>
internal static class BuiltInStunServers
{
    /// <summary>Operators with a site near to everybody.</summary>
    public static IReadOnlyList<ServerName> Anycast { get; } =
    [
        new("stun.l.google.com", 19302),
        new("stun.cloudflare.com", ServerList.StunPort),
    ];

    /// <summary>They answer plain Binding requests.</summary>
    public static IReadOnlyList<ServerName> Plain { get; } = Names(
        "stun.annatel.net",
        "stun.antisip.com",
        "stun.f.haeder.net",
        "stun.flashdance.cx",
        "stun.framasoft.org",
        "stun.hot-chilli.net",
        "stun.ipfire.org",
        "stun.linuxtrent.it",
        "stun.telnyx.com",
        "stun.voip.blackberry.com");

    /// <summary>They have a second address and obey CHANGE-REQUEST (RFC 5780).</summary>
    public static IReadOnlyList<ServerName> BehaviorDiscovery { get; } = Names(
        "stun.axialys.net",
        "stun.business-isp.nl",
        "stun.dus.net",
        "stun.freeswitch.org",
        "stun.m-online.net",
        "stun.mixvoip.com",
        "stun.nextcloud.com",
        "stun.pure-ip.com",
        "stun.sip.us",
        "stun.sonetel.com",
        "stun.voipgate.com",
        "stun.voipia.net");

    private static ServerName[] Names(params string[] hosts) => hosts.Select(host => new ServerName(host, ServerList.StunPort)).ToArray();
}
