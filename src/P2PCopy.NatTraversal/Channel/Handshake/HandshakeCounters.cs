namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>How often handshake datagrams were refused, and why, and what was spent on them.</summary>
internal sealed class HandshakeCounters
{
    /// <summary>Not of the form of a handshake datagram.</summary>
    public long Malformed { get; set; }

    /// <summary>For nobody here: another key's index, no attempt under way, or not from the pasted address.</summary>
    public long Unexpected { get; set; }

    /// <summary>With a wrong sum.</summary>
    public long WrongSum { get; set; }

    /// <summary>Beyond what the limits allow.</summary>
    public long Limited { get; set; }

    /// <summary>Copies of a message that had been read before.</summary>
    public long Copies { get; set; }

    /// <summary>Not made with the keys that they claim.</summary>
    public long Forged { get; set; }

    /// <summary>From another key than the one that was pasted or chosen.</summary>
    public long WrongKey { get; set; }

    /// <summary>Strangers beyond the four that may wait.</summary>
    public long TooManyStrangers { get; set; }

    /// <summary>Begun while a session with the same peer lives.</summary>
    public long SecondSessions { get; set; }

    /// <summary>Messages on which Diffie-Hellman operations were spent.</summary>
    public long Opened { get; set; }

    /// <summary>First messages that were answered, copies not counted.</summary>
    public long Answered { get; set; }
}
