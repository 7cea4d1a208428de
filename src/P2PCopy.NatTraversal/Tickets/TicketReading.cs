using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>
/// What a pasted text turned out to be: a ticket, a bare address, or neither of them for the reason that <see cref="Fault"/> tells.
/// </summary>
public sealed record TicketReading
{
    /// <summary>The ticket, if it is one and can be used.</summary>
    public Ticket? Ticket { get; init; }

    /// <summary>The address, if it is one without a ticket behind it. Nothing proves who is there.</summary>
    public UdpEndpoint? Address { get; init; }

    /// <summary>Why it is neither; <see cref="TicketFault.Empty"/> when nothing was entered.</summary>
    public TicketFault Fault { get; init; }

    /// <summary>What the user should know about a ticket that can be used all the same.</summary>
    public TicketNote Note { get; init; }

    /// <summary>How old the ticket is by our clock; negative when it comes from the future. Zero without a ticket.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>What is to be said to the user about it: a sentence or two, or <see langword="null"/>.</summary>
    public string? Sentence => Fault != TicketFault.None ? TicketSentences.SentenceOf(Fault) : TicketSentences.SentenceOf(Note, Age);
}
