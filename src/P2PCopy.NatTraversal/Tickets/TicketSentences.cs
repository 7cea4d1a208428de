using System.Globalization;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>What to tell users about a text that they pasted: what is wrong, and what to do.</summary>
public static class TicketSentences
{
    /// <summary>The sentences for a refusal; empty for <see cref="TicketFault.None"/>.</summary>
    public static string SentenceOf(TicketFault fault) => fault switch
    {
        TicketFault.None => "",
        TicketFault.Empty => "Nothing was entered. Enter the line that your peer's program printed behind 'Tell this to your peer:'.",
        TicketFault.NoPort => "This address has no port. It looks like 188.44.136.7:21300, with a colon and a number behind the address.",
        TicketFault.BadPort => "The port of this address is not valid: it is a number from 1 to 65535, behind the colon.",
        TicketFault.HostName => "This is a name. Enter an address in numbers, like 188.44.136.7:21300, or your peer's whole ticket.",
        TicketFault.BadAddress => "This holds an address that no other computer can be reached at. Ask your peer for the ticket that their program prints now.",
        TicketFault.Damaged => "This ticket is not complete, or a character of it was changed. Copy the whole line again, from the address to its end.",
        TicketFault.Malformed => "This ticket holds something that is not allowed in one. Ask your peer which program made it; a current p2pcopy makes a good one.",
        TicketFault.NewerVersion => "This ticket was made by a newer p2pcopy, or its first letters were changed. Copy it again; if that does not help, get the newest p2pcopy.",
        TicketFault.TooManyAddresses => "This ticket holds more addresses than are allowed. Ask your peer which program made it; a current p2pcopy makes a good one.",
        TicketFault.OwnTicket => "That is your own ticket. Give it to your peer, and enter the one that your peer's program printed.",
        TicketFault.BothSend => "Your peer also wants to send. One of you has to start 'p2pcopy receiver' instead.",
        TicketFault.BothReceive => "Your peer also wants to receive. One of you has to start 'p2pcopy sender --file …' instead.",
        _ => "This is neither a ticket nor an address. Enter the line that your peer's program printed, or an address like 188.44.136.7:21300.",
    };

    /// <summary>The sentence for a note, or <see langword="null"/> when there is none.</summary>
    /// <param name="note">What is odd.</param>
    /// <param name="age">How old the ticket is; negative when it comes from the future.</param>
    public static string? SentenceOf(TicketNote note, TimeSpan age) => note switch
    {
        TicketNote.Old => $"This ticket is {Rounded(age)} old. If connecting fails, ask your peer for the one that their program prints now.",
        TicketNote.FromTheFuture => $"This ticket was made {Rounded(-age)} from now: check the date and time of both computers.",
        _ => null,
    };

    private static string Rounded(TimeSpan time) => time.TotalMinutes switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min"),
        < 48 * 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0} days"),
    };
}
