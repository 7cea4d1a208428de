namespace P2PCopy.NatTraversal.Tickets;

/// <summary>Why a text is neither a ticket nor an address that can be used. <see cref="TicketSentences"/> has the words.</summary>
public enum TicketFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>Nothing was entered.</summary>
    Empty,

    /// <summary>Neither a ticket nor an address.</summary>
    NotATicket,

    /// <summary>An address without its port.</summary>
    NoPort,

    /// <summary>The port is not a number from 1 to 65535.</summary>
    BadPort,

    /// <summary>A name instead of an address.</summary>
    HostName,

    /// <summary>An address that no peer has: unspecified, loopback, multicast, broadcast, link-local without its interface.</summary>
    BadAddress,

    /// <summary>A ticket that is cut off or was changed on its way: its check does not hold.</summary>
    Damaged,

    /// <summary>A whole ticket whose content does not follow the rules.</summary>
    Malformed,

    /// <summary>A ticket of another version of the format.</summary>
    NewerVersion,

    /// <summary>A ticket with more addresses than <see cref="Ticket.MostAddresses"/>.</summary>
    TooManyAddresses,

    /// <summary>What this side itself printed.</summary>
    OwnTicket,

    /// <summary>Both sides want to send.</summary>
    BothSend,

    /// <summary>Both sides want to receive.</summary>
    BothReceive,
}
