namespace P2PCopy.Transfer.Connecting;

/// <summary>Why a text is not the address of a peer.</summary>
public enum PeerAddressFault
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>Nothing was typed.</summary>
    Empty,

    /// <summary>Not of the form <c>a.b.c.d:port</c>.</summary>
    NotAnAddress,

    /// <summary>An address without its port.</summary>
    NoPort,

    /// <summary>The port is not a number from 1 to 65535.</summary>
    BadPort,

    /// <summary>A name instead of an address.</summary>
    HostName,

    /// <summary>An IPv6 address, where the socket is an IPv4 one.</summary>
    IPv6,

    /// <summary>An address that no single machine has: multicast, broadcast, 0.x.</summary>
    NotAPeer,

    /// <summary>An address with more behind it, as later versions print.</summary>
    Ticket,

    /// <summary>The line that this side itself printed.</summary>
    Own,
}
