using P2PCopy.Cli.Terminal;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>Looks for tickets in what is typed while a copy goes on: the peer's address may have changed.</summary>
internal sealed class PastedDuringCopy(Screen screen, SealedLink link, OwnTicket own)
{
    /// <summary>Takes a line if it is a ticket; all others are for whatever question there is.</summary>
    public bool Look(string line)
    {
        var reading = TicketReader.Read(line, own.Told, own.Minute);
        if (reading.Ticket is not { } ticket) return false;
        screen.LineTyped();
        var result = link.Paste(ticket);
        screen.Note(result == PasteResult.Taken ? "New addresses of your peer are known; trying them." : PeerText.Refused(result));
        return true;
    }
}
