using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>What an address is good for, by the ranges that IANA has set apart.</summary>
internal static class AddressKind
{
    /// <summary>This computer itself: 127.0.0.0/8, ::1.</summary>
    public static bool IsLoopback(UdpEndpoint address) =>
        address.IsIPv4 ? address.IPv4Bits >> 24 == 127 : address.HighBits == 0 && address.LowBits == 1;

    /// <summary>
    /// Whether a machine can have it and a datagram be sent to it without knowing more. RFC 1122 §3.2.1.3: this-network, multicast,
    /// reserved and broadcast addresses are nobody's. RFC 4291: neither are ::, its neighbours in ::/96, and ff00::/8; and a
    /// link-local address means nothing without its interface.
    /// </summary>
    public static bool CanBePeer(UdpEndpoint address)
    {
        if (address.Port == 0) return false;
        if (address.IsIPv4) return address.IPv4Bits >> 24 is > 0 and < 224;
        if (address.HighBits == 0 && address.LowBits >> 32 == 0) return IsLoopback(address);
        return address.HighBits >> 56 != 0xff && !IsLinkLocal(address);
    }

    /// <summary>169.254.0.0/16 (RFC 3927), fe80::/10.</summary>
    public static bool IsLinkLocal(UdpEndpoint address) =>
        address.IsIPv4 ? address.IPv4Bits >> 16 == 0xa9fe : address.HighBits >> 54 == 0xfe80 >> 6;

    /// <summary>An IPv4 address behind a NAT: RFC 1918, and 100.64.0.0/10 of providers and overlay networks (RFC 6598).</summary>
    public static bool IsInside(UdpEndpoint address) => address.IsIPv4
        && (address.IPv4Bits >> 24 == 10
            || address.IPv4Bits >> 20 == 0xac10_0000 >> 20
            || address.IPv4Bits >> 16 == 0xc0a8_0000 >> 16
            || address.IPv4Bits >> 22 == 0x6440_0000 >> 22);

    /// <summary>An IPv4 address of the internet: none of those above, nor one of RFC 6890's special blocks that look like it.</summary>
    public static bool IsPublicIPv4(UdpEndpoint address) => address.IsIPv4
        && address.IPv4Bits >> 24 is > 0 and < 224
        && !IsLoopback(address) && !IsLinkLocal(address) && !IsInside(address)
        && address.IPv4Bits >> 8 != 0xc000_0000 >> 8
        && address.IPv4Bits >> 17 != 0xc612_0000 >> 17;

    /// <summary>A unique local IPv6 address: fc00::/7 (RFC 4193).</summary>
    public static bool IsUniqueLocal(UdpEndpoint address) => !address.IsIPv4 && address.HighBits >> 57 == 0xfc >> 1;

    /// <summary>A global IPv6 address: 2000::/3, without the tunnels of 6to4 and Teredo, which lead nowhere any more.</summary>
    public static bool IsGlobalIPv6(UdpEndpoint address) => !address.IsIPv4
        && address.HighBits >> 61 == 1
        && address.HighBits >> 48 != 0x2002
        && address.HighBits >> 32 != 0x2001_0000;
}
