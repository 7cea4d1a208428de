using System.Globalization;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Paths;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>A sealed peer and its path, in the words of users.</summary>
internal static class PeerText
{
    private const int AllWords = 4;

    /// <summary>Where the peer is, how, and what is known about it.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="byTicket">Whether its ticket was entered here.</param>
    /// <param name="byWords">Whether its words were typed here.</param>
    public static string Connected(SealedPeerInfo peer, bool byTicket, bool byWords)
    {
        var how = $"Connected to {peer.Remote} ({Path(peer.Route, peer.RoundTrip)}), encrypted";
        if (byWords) return $"{how}, peer known by words.";
        if (peer.WordsToType > 0) return $"{how}, peer NOT known yet.";
        if (!byTicket) return $"{how}, peer NOT known.";
        return peer.PeerTypesWords ? $"{how}, peer known by ticket." : $"{how}, peer known by ticket. Words: {Join(peer.WordsShown)}";
    }

    /// <summary>The words that the user reads out; nothing when the peer's user types none.</summary>
    public static string? ToReadOut(SealedPeerInfo peer) =>
        (peer.PeerTypesWords || peer.WordsToType > 0) && peer.WordsShown.Count > 0 ? $"Read the words of your screen to your peer: {Join(peer.WordsShown)}" : null;

    /// <summary>What asks for the words of the other screen.</summary>
    public static string WordsQuestion(int count) => $"Ask your peer for the {Number(count)} words on their screen and type them: ";

    /// <summary>Somebody came by who holds this side's ticket.</summary>
    public static string Stranger(UdpEndpoint remote, bool wantsToSend) =>
        $"Someone with your ticket is here, from {remote}, and wants to {(wantsToSend ? "send" : "receive")}.";

    /// <summary>What is wrong with a ticket or an address that can be read.</summary>
    public static string Refused(PasteResult result) => result switch
    {
        PasteResult.OwnKey => TicketSentences.SentenceOf(TicketFault.OwnTicket),
        PasteResult.Busy => "You are connected already, and this is not that peer's. To change the peer, start again.",
        _ => TicketSentences.SentenceOf(TicketFault.Malformed),
    };

    /// <summary>What seals the datagrams, for those who want to know.</summary>
    public static string Sealing(SealedPeerInfo peer) =>
        $"Sealed with {peer.Cipher}; the keys rest on X25519{(peer.IsPostQuantum ? " and ML-KEM-768." : ".")}";

    /// <summary>What the link went through, for those who look for the reason of something.</summary>
    public static string Of(SealedPeerStatistics link) => string.Create(
        CultureInfo.InvariantCulture,
        $"Link: {link.DatagramsSealed} datagrams sealed, {link.DatagramsOpened} opened, {link.DatagramsRefused} refused; up to {link.DatagramBytes} bytes each; "
        + $"last path {(link.Remote is { } remote ? $"{remote} ({Path(link.Route ?? PathRoute.Internet, link.RoundTrip)})" : "none")}");

    /// <summary>The kind of way.</summary>
    public static string Route(PathRoute route) => route switch
    {
        PathRoute.Lan => "own network",
        PathRoute.IPv6 => "IPv6",
        PathRoute.Mapped => "forwarded port",
        _ => "internet",
    };

    /// <summary>A number of words.</summary>
    public static string Number(int count) => count == AllWords ? "four" : "two";

    private static string Path(PathRoute route, TimeSpan? roundTrip) => roundTrip is { Ticks: > 0 } time
        ? string.Create(CultureInfo.InvariantCulture, $"{Route(route)}, {Math.Max(1, Math.Round(time.TotalMilliseconds)):0} ms")
        : Route(route);

    private static string Join(IEnumerable<string> words) => string.Join(' ', words);
}
