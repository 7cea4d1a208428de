using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>The ways in which no peer is met.</summary>
internal static class TalkEndings
{
    private const string StartBothAgain = "Start both programs again and exchange their new tickets.";

    /// <summary>The input ended instead of an answer.</summary>
    public static CommandFailedException NoAnswer() => Of(
        ExitCode.Usage, "There is no ticket or address of the peer.", "The input ended before one was given.",
        "Type it at the prompt, or give it with --peer; with --yes this side can wait for whoever has its ticket.");

    /// <summary>The input ended instead of the words.</summary>
    public static CommandFailedException NoWords() => Of(
        ExitCode.PeerNotVerified, "Nobody typed the words of the other screen, so the peer is not known.", "The input ended before.",
        "Let both sides enter the other's whole ticket, which needs no words; --yes goes without them.");

    /// <summary>Words that do not agree, too often.</summary>
    public static CommandFailedException WrongWords() => Of(
        ExitCode.PeerNotVerified, "The words were wrong three times, so nothing was copied.",
        "Somebody else may have answered in your peer's place, or the words were misheard.", StartBothAgain);

    /// <summary>What was given cannot be used, and nobody can correct it.</summary>
    public static CommandFailedException NotUsable(PasteResult result) => Of(
        ExitCode.Usage, "The ticket of the peer cannot be used.", PeerText.Refused(result), "");

    /// <summary>The peer ended the session before its purpose began.</summary>
    public static CommandFailedException PeerClosed() => Of(
        ExitCode.Refused, "Your peer ended the connection before anything was sent.", "Its program was stopped.", StartBothAgain);

    /// <summary>The peer's user did not find our words.</summary>
    public static CommandFailedException NotChosen() => Of(
        ExitCode.PeerNotVerified, "Your peer did not take you for its peer.",
        "The words that were typed there are not those of your screen, or it took somebody else's.", StartBothAgain);

    /// <summary>The peer contradicted itself.</summary>
    public static CommandFailedException NotVerified() => Of(
        ExitCode.PeerNotVerified, "The peer could not prove that it is who it said at first.", "Somebody may be trying to sit between the two of you.",
        StartBothAgain);

    /// <summary>The peer fell silent before its purpose began.</summary>
    public static CommandFailedException Broken() => Of(
        ExitCode.NotConnected, "The connection to your peer was lost before anything was sent.", "Nothing was heard for too long.", StartBothAgain);

    /// <summary>Both want the same.</summary>
    public static CommandFailedException RolesConflict(bool bothSend, bool measures) => Of(
        ExitCode.Refused, SentenceOf(bothSend ? TicketFault.BothSend : TicketFault.BothReceive, measures), "", "");

    /// <summary>What is wrong with what was entered, in the words of the command.</summary>
    public static string SentenceOf(TicketFault fault, bool measures) => fault switch
    {
        TicketFault.BothSend when measures => "Your peer does not wait to be measured. One of you has to start 'p2pcopy bench --wait'.",
        TicketFault.BothReceive when measures => "Your peer waits, too. One of you has to start 'p2pcopy bench' with the other's ticket, without --wait.",
        _ => TicketSentences.SentenceOf(fault),
    };

    /// <summary>The peer's program is too old to measure with.</summary>
    public static CommandFailedException OriginalCannotMeasure(UdpEndpoint remote) => Of(
        ExitCode.Refused, $"The peer at {remote} runs the original p2pcopy, which cannot measure a path.", "", "Let your peer get a current p2pcopy.");

    /// <summary>The user does not want to go on in clear.</summary>
    public static CommandFailedException InClearRefused() => Of(
        ExitCode.Refused, "Nothing was copied.", "Your peer's program cannot encrypt.", "Let your peer get a current p2pcopy.");

    /// <summary>The peer cannot encrypt, and nobody can be asked.</summary>
    public static CommandFailedException OriginalPeer(UdpEndpoint remote) => Of(
        ExitCode.Refused, $"The peer at {remote} runs the original p2pcopy, which cannot encrypt.", "Nobody can be asked here whether that is wanted.",
        "Start with --legacy to copy without encryption.");

    /// <summary>The two networks cannot be connected.</summary>
    public static CommandFailedException Hopeless(Outlook outlook) => Of(
        ExitCode.NotConnected, "Your network and that of your peer cannot be connected directly.", outlook.Sentence,
        "Change the network of one side, start both programs again and exchange their new tickets.");

    /// <summary>Nobody came in time.</summary>
    public static CommandFailedException GivenUp(UdpEndpoint? peer, TimeSpan timeout, NetworkReport network) => Of(
        ExitCode.NotConnected,
        peer is { } at ? $"Could not connect to {at} within {DurationText.Rough(timeout)}." : $"No peer came within {DurationText.Rough(timeout)}.",
        network.Firewall is FirewallType.Symmetric or FirewallType.UdpBlocked
            ? $"The likely reason is on your side: your firewall is {network.Firewall}."
            : "Your peer did not enter your ticket, or is behind a firewall that lets nothing through.",
        "Let both run 'p2pcopy nat' to see whose network it is, then start again and exchange the new tickets.");

    private static CommandFailedException Of(ExitCode code, string what, string why, string next) => new(new ErrorReport(code, what, why, next));
}
