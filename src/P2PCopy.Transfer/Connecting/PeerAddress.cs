using System.Net;
using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Connecting;

/// <summary>Reads what a user pasted as the address of the peer.</summary>
public static class PeerAddress
{
    private const int LongestSensible = 2048;

    /// <summary>
    /// Reads <c>a.b.c.d:port</c>, forgiving what chats and mail programs put around it: blanks, quotes, angle brackets, a full stop,
    /// the words in front of it.
    /// </summary>
    /// <param name="text">What was typed or pasted, one line.</param>
    /// <param name="own">Addresses of this side, so that pasting one's own line back is noticed.</param>
    /// <param name="peer">The address, when the answer is <see cref="PeerAddressFault.None"/>.</param>
    /// <returns>What is wrong with the text.</returns>
    public static PeerAddressFault TryRead(string? text, ReadOnlySpan<UdpEndpoint> own, out UdpEndpoint peer)
    {
        peer = default;
        if (text is { Length: > LongestSensible }) return PeerAddressFault.NotAnAddress;
        var bare = Unwrap(text);
        if (bare.Length == 0) return PeerAddressFault.Empty;
        if (!UdpEndpoint.TryParse(bare, out var read)) return Diagnose(bare);
        if (!read.IsIPv4) return PeerAddressFault.IPv6;
        if (!IsUnicast(read)) return PeerAddressFault.NotAPeer;
        foreach (var mine in own)
            if (mine == read) return PeerAddressFault.Own;
        peer = read;
        return PeerAddressFault.None;
    }

    private static string Unwrap(string? text)
    {
        var rest = (text ?? "").AsSpan().Trim();
        const string announcement = "Tell this to your peer:";
        var start = rest.IndexOf(announcement, StringComparison.OrdinalIgnoreCase);
        if (start >= 0) rest = rest[(start + announcement.Length)..];

        // Invisible marks come along when text is copied from chats and documents.
        return rest.Trim("\"'`<>()“”‘’«»,;. \t\r\n\u00a0\ufeff\u200b\u200e\u200f\u2060").ToString();
    }

    private static PeerAddressFault Diagnose(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0) return IPAddress.TryParse(text, out _) && text.Contains('.', StringComparison.Ordinal) ? PeerAddressFault.NoPort : PeerAddressFault.NotAnAddress;
        var dash = text.IndexOf('-', colon);
        if (dash > 0 && UdpEndpoint.TryParse(text[..dash], out _)) return PeerAddressFault.Ticket;
        var host = text[..colon];
        if (host.Any(char.IsAsciiLetter) && !host.Contains(':', StringComparison.Ordinal)) return PeerAddressFault.HostName;
        return UdpEndpoint.TryParse(host + ":1", out _) ? PeerAddressFault.BadPort : PeerAddressFault.NotAnAddress;
    }

    // RFC 1122 §3.2.1.3: this-network, multicast, reserved and broadcast addresses are nobody's.
    private static bool IsUnicast(UdpEndpoint endpoint) => (byte)(endpoint.IPv4Bits >> 24) is > 0 and < 224;
}
