using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Transfer.Connecting;

/// <summary>Reads what a user pasted as the address of the peer, where an IPv4 address alone is wanted.</summary>
public static class PeerAddress
{
    /// <summary>
    /// Reads <c>a.b.c.d:port</c>, forgiving what chats and mail programs put around it: blanks, quotes, angle brackets, a full stop,
    /// the words in front of it.
    /// </summary>
    /// <param name="text">What was typed or pasted, one line.</param>
    /// <param name="own">Addresses of this side, so that pasting one's own line back is noticed.</param>
    /// <param name="peer">The address, when the answer is <see cref="PeerAddressFault.None"/>.</param>
    /// <returns>What is wrong with the text.</returns>
    public static PeerAddressFault TryRead(string? text, ReadOnlySpan<UdpEndpoint> own, out UdpEndpoint peer)
    {
        peer = default;
        var reading = TicketReader.Read(text, null, 0);
        if (reading.Ticket is not null) return PeerAddressFault.Ticket;
        if (reading.Address is not { } read) return FaultOf(reading.Fault);
        if (!read.IsIPv4) return PeerAddressFault.IPv6;
        if (own.Contains(read)) return PeerAddressFault.Own;
        peer = read;
        return PeerAddressFault.None;
    }

    private static PeerAddressFault FaultOf(TicketFault fault) => fault switch
    {
        TicketFault.Empty => PeerAddressFault.Empty,
        TicketFault.NoPort => PeerAddressFault.NoPort,
        TicketFault.BadPort => PeerAddressFault.BadPort,
        TicketFault.HostName => PeerAddressFault.HostName,
        TicketFault.BadAddress => PeerAddressFault.NotAPeer,
        TicketFault.NotATicket => PeerAddressFault.NotAnAddress,
        _ => PeerAddressFault.Ticket,
    };
}
