namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>A service of a router that maps ports.</summary>
/// <param name="Type">Its full type, which names it in requests.</param>
/// <param name="Rank">The less the better.</param>
/// <param name="Control">Where requests go.</param>
internal sealed record UpnpService(string Type, int Rank, Uri Control)
{
    private static readonly string[] Types =
    [
        "urn:schemas-upnp-org:service:WANIPConnection:2",
        "urn:schemas-upnp-org:service:WANIPConnection:1",
        "urn:schemas-upnp-org:service:WANPPPConnection:1",
    ];

    /// <summary>Whether it lets the router choose another port than the one that was asked for (IGD version 2).</summary>
    public bool ChoosesPorts => Rank == 0;

    /// <summary>Finds a type among those that can be used.</summary>
    public static bool TryRank(string type, out string known, out int rank)
    {
        rank = Array.IndexOf(Types, type);
        known = rank < 0 ? "" : Types[rank];
        return rank >= 0;
    }
}
