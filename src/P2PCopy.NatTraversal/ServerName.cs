using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace P2PCopy.NatTraversal;

/// <summary>A server as users write it: a name or an address, and a port.</summary>
/// <param name="Host">A host name, an IPv4 address, or an IPv6 address without brackets.</param>
/// <param name="Port">The UDP port, 1–65535.</param>
public readonly record struct ServerName(string Host, ushort Port)
{
    private const int MaxHostLength = 253;

    /// <summary>Reads <c>HOST</c>, <c>HOST:PORT</c>, <c>v6</c>, <c>[v6]</c> or <c>[v6]:PORT</c>.</summary>
    /// <param name="text">What the user wrote.</param>
    /// <param name="defaultPort">The port when none is written.</param>
    /// <param name="name">The server.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, ushort defaultPort, out ServerName name)
    {
        name = default;
        if (string.IsNullOrEmpty(text)) return false;
        var (host, portText) = Split(text);
        var port = defaultPort;
        if (portText is not null
            && (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0)) return false;
        if (host.Length is 0 or > MaxHostLength || !IsHost(host)) return false;
        name = new ServerName(host, port);
        return true;
    }

    /// <summary><c>host:port</c>, with brackets around an IPv6 address.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static (string Host, string? Port) Split(string text)
    {
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0) return ("", null);
            var rest = text[(end + 1)..];
            return rest.Length == 0 ? (text[1..end], null) : rest[0] == ':' ? (text[1..end], rest[1..]) : ("", null);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var isIPv6 = colon >= 0 && text.IndexOf(':', colon + 1) >= 0;
        return colon < 0 || isIPv6 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    // A host with a colon is an IPv6 address or nothing; all else is left to whoever resolves it.
    private static bool IsHost(string host)
    {
        if (host.Contains(':', StringComparison.Ordinal)) return System.Net.IPAddress.TryParse(host, out _);
        foreach (var c in host)
            if (!char.IsLetterOrDigit(c) && c is not ('.' or '-' or '_')) return false;
        return host[0] is not ('.' or '-');
    }
}
