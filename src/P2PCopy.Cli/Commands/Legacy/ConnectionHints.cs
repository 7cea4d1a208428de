using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;
using P2PCopy.Udt;

namespace P2PCopy.Cli.Commands.Legacy;

/// <summary>What to say when the peer does not answer: the reason in words, and what could help.</summary>
internal static class ConnectionHints
{
    /// <summary>Why one try failed.</summary>
    public static string Reason(CloseReason reason, TimeSpan length) => reason switch
    {
        CloseReason.ConnectTimedOut => $"no answer within {DurationText.Rough(length)}",
        CloseReason.Rejected => "the peer's program refused the connection",
        CloseReason.ClosedByPeer => "the peer's program closed the connection again",
        CloseReason.PeerTimedOut => "the peer's program fell silent",
        CloseReason.PeerRestarted => "the peer's program began anew",
        _ => "the connection was given up",
    };

    /// <summary>Advice after a failed try; less often the longer it goes on.</summary>
    public static IEnumerable<string> After(int attempt, NetworkReport report)
    {
        if (attempt == 0) yield return "Nothing heard from your peer yet. Both of you must have entered the other's address; this goes on trying.";
        if (attempt == 1)
        {
            yield return $"Your side: {report.Advice}";
            yield return "Check with your peer that the addresses are the ones on the screens now. Ctrl+C to stop and start again.";
        }
    }

    /// <summary>The end of all tries.</summary>
    public static ErrorReport GivenUp(UdpEndpoint peer, TimeSpan timeout, NetworkReport report) => new(
        ExitCode.NotConnected,
        $"Could not connect to {peer} within {DurationText.Rough(timeout)}.",
        report.Firewall is FirewallType.Symmetric or FirewallType.UdpBlocked
            ? $"The likely reason is on your side: your firewall is {report.Firewall}."
            : "Your peer did not try at the same time, entered another address, or is behind a firewall that lets nothing through.",
        "Let both run 'p2pcopy nat' to see whose network it is, then start again and exchange the new addresses.");
}
