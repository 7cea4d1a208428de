using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>What the users' answers do to a sealed link.</summary>
internal interface IPeerLink
{
    /// <summary>The peer's ticket is known.</summary>
    /// <returns>What keeps it from being used.</returns>
    PasteResult Paste(Ticket ticket);

    /// <summary>The peer's bare address is known.</summary>
    /// <returns>What keeps it from being used.</returns>
    PasteResult PasteBare(UdpEndpoint address);

    /// <summary>These may be the words of the other screen.</summary>
    /// <returns>Whether they are.</returns>
    bool TryWords(string typed);
}

/// <summary>The real one.</summary>
internal sealed class PeerLink(SealedLink link, CommonClock clock) : IPeerLink
{
    /// <inheritdoc/>
    public PasteResult Paste(Ticket ticket)
    {
        var result = link.Paste(ticket);
        clock.StartIfNeeded();
        return result;
    }

    /// <inheritdoc/>
    public PasteResult PasteBare(UdpEndpoint address)
    {
        var result = link.PasteBare(address);
        clock.StartIfNeeded();
        return result;
    }

    /// <inheritdoc/>
    public bool TryWords(string typed) => link.TryWords(typed);
}
