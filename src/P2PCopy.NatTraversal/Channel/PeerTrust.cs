namespace P2PCopy.NatTraversal.Channel;

/// <summary>What is known about who is at the other end of a session.</summary>
public enum PeerTrust
{
    /// <summary>Its key is that of the pasted ticket, or was chosen by its words before.</summary>
    Ticket,

    /// <summary>It holds our ticket, we hold none of it: whether it is the peer must be shown by the words.</summary>
    OneWayTicket,

    /// <summary>Neither side holds a ticket: both must compare the words.</summary>
    Bare,
}
