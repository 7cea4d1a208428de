using System.Globalization;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>Which URLs of a router are followed: those that lead to the router itself. Otherwise whoever answers in its name could have us ask anybody.</summary>
internal static class RouterUrl
{
    private const int Longest = 512;

    /// <summary>Reads a URL.</summary>
    /// <param name="text">As the router wrote it.</param>
    /// <param name="gateway">The router, any port.</param>
    /// <param name="relativeTo">What a URL without host counts from; <see langword="null"/> when it must have one.</param>
    /// <param name="url">The URL.</param>
    /// <returns>Whether it may be followed.</returns>
    public static bool TryRead(string text, UdpEndpoint gateway, Uri? relativeTo, out Uri url)
    {
        url = relativeTo!;

        // PROTOCOL MAP-13.
        if (text.Length is 0 or > Longest || text.Any(sign => sign is <= ' ' or >= '\u007f')) return false;
        var read = relativeTo is null ? Uri.TryCreate(text, UriKind.Absolute, out var made) : Uri.TryCreate(relativeTo, text, out made);
        if (!read || made is null || made.Scheme != Uri.UriSchemeHttp || made.UserInfo.Length > 0 || made.Port is <= 0 or > ushort.MaxValue) return false;
        if (made.HostNameType != UriHostNameType.IPv4 || made.Host != gateway.Address.ToString()) return false;

        // A host that is written in another way than the usual one would be read as the same; nobody honest does that.
        var authority = string.Create(CultureInfo.InvariantCulture, $"://{made.Host}");
        if (relativeTo is null && !text.Contains(authority, StringComparison.Ordinal)) return false;
        url = made;
        return true;
    }
}
