using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>What kind of way a path is; the better one has the smaller value.</summary>
public enum PathRoute
{
    /// <summary>Inside one network: a private, unique local, link-local or loopback address.</summary>
    Lan,

    /// <summary>Global IPv6: no translation on the way.</summary>
    IPv6,

    /// <summary>An IPv4 port that the peer's router forwards on request.</summary>
    Mapped,

    /// <summary>Any other IPv4 address: through a hole that a NAT or firewall keeps open.</summary>
    Internet,
}

/// <summary>Tells the route of an address.</summary>
internal static class PathRoutes
{
    /// <summary>
    /// By the address rather than by what the peer calls it. A shared address (100.64.0.0/10, RFC 6598) is no LAN: what has one is behind a
    /// carrier's NAT or at the end of a tunnel.
    /// </summary>
    public static PathRoute Of(Candidate candidate)
    {
        var endpoint = candidate.Endpoint;
        if (!endpoint.IsIPv4) return IsLocalV6(endpoint) ? PathRoute.Lan : PathRoute.IPv6;
        if (IsPrivateV4(endpoint.IPv4Bits)) return PathRoute.Lan;
        return candidate.Kind == CandidateKind.Mapped ? PathRoute.Mapped : PathRoute.Internet;
    }

    /// <summary>Whether a datagram may be sent there at all: to one host, and to a port.</summary>
    public static bool IsUnicast(UdpEndpoint endpoint)
    {
        if (endpoint.Port == 0) return false;
        if (!endpoint.IsIPv4) return endpoint.HighBits >> 56 != 0xff && (endpoint.HighBits | endpoint.LowBits) != 0;

        // 0.0.0.0/8, and all from 224.0.0.0 on: multicast, reserved, broadcast.
        var bits = endpoint.IPv4Bits;
        return bits >> 24 != 0 && bits >> 29 != 7;
    }

    // RFC 1918 §3, RFC 3927 (169.254.0.0/16) and 127.0.0.0/8.
    private static bool IsPrivateV4(uint bits) =>
        bits >> 24 is 10 or 127 || bits >> 20 == 0xac1 || bits >> 16 is 0xc0a8 or 0xa9fe;

    // RFC 4193 (fc00::/7), RFC 4291 §2.5.6 (fe80::/10) and ::1.
    private static bool IsLocalV6(UdpEndpoint endpoint) =>
        endpoint.HighBits >> 57 == 0xfc >> 1 || endpoint.HighBits >> 54 == 0xfe80 >> 6 || (endpoint.HighBits == 0 && endpoint.LowBits == 1);
}
