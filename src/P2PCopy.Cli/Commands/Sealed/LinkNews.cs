using P2PCopy.NatTraversal.Sealed;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>What happens to the path while a session lives, in a line each.</summary>
internal static class LinkNews
{
    /// <summary>The line, or <see langword="null"/> when there is nothing to say.</summary>
    public static string? Of(SealedPeerEvent happened) => happened switch
    {
        SealedPeerEvent.PathMoved moved => $"The path moved to {moved.To} ({PeerText.Route(moved.Route)}).",
        SealedPeerEvent.Silent => "Nothing is heard of your peer any more. Trying all its addresses again ...",
        SealedPeerEvent.Restored => "Your peer is heard again.",
        SealedPeerEvent.Broken => "Your peer was not heard for too long.",
        _ => null,
    };
}
