namespace P2PCopy.NatTraversal.Tickets;

/// <summary>What is odd about a ticket that can be used all the same.</summary>
public enum TicketNote
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It was made more than 12 hours ago: the program that made it may have ended.</summary>
    Old,

    /// <summary>It was made more than 10 minutes from now: one of both clocks is wrong.</summary>
    FromTheFuture,
}
