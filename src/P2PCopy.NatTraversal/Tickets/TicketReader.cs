using System.Net;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Tickets;

/// <summary>Reads what a user pasted as the ticket or address of the peer: forgiving about its look, strict about its content.</summary>
/// <example><code>
/// var reading = TicketReader.Read(line, own, Ticket.MinuteOf(now));
/// if (reading.Ticket is { } ticket) link.Paste(ticket);
/// else if (reading.Address is { } address) link.PasteBare(address);
/// else if (reading.Fault != TicketFault.Empty) Console.WriteLine(reading.Sentence);
/// </code></example>
public static class TicketReader
{
    // A ticket has some 500 characters at most; the rest is for line breaks and records to come.
    private const int LongestSensible = 4096;
    private const int OldMinutes = 12 * 60;
    private const int FutureMinutes = 10;
    private const int MinuteWraps = 65536;
    private const int MostInTheFuture = 24 * 60;
    private const char Dash = '-';

    /// <summary>Reads a text. No text makes it throw.</summary>
    /// <param name="text">What was typed or pasted.</param>
    /// <param name="own">
    /// The ticket of this side, so that the user's own line and two senders are noticed; <see langword="null"/> while it is not known,
    /// and then nothing is refused for it.
    /// </param>
    /// <param name="minute">The time, as <see cref="Ticket.MinuteOf"/> has it.</param>
    public static TicketReading Read(string? text, Ticket? own, ushort minute)
    {
        if (string.IsNullOrEmpty(text)) return Refuse(TicketFault.Empty);
        if (text.Length > LongestSensible) return Refuse(TicketFault.NotATicket);
        var pasted = PastedText.Clean(text);
        if (pasted.Text.Length == 0) return Refuse(TicketFault.Empty);

        // PROTOCOL TKT-2: what stands before the dash is an address on its own.
        var dash = pasted.Text.IndexOf(Dash, StringComparison.Ordinal);
        var front = dash < 0 ? pasted.Text : pasted.Text[..dash];
        var body = dash < 0 ? "" : pasted.Text[(dash + 1)..];
        if (!TryReadEndpoint(front, out var endpoint)) return Refuse(Diagnose(pasted.Text));
        return body.Length > 0 ? ReadTicket(endpoint, body, own, minute) : ReadAddress(endpoint, pasted.IsBroken, own);
    }

    private static TicketReading ReadTicket(UdpEndpoint primary, string body, Ticket? own, ushort minute)
    {
        var fault = TicketText.Read(primary, body, out var ticket);
        if (ticket is null) return Refuse(fault);
        fault = Judge(ticket, own);
        if (fault != TicketFault.None) return Refuse(fault);

        // PROTOCOL TKT-11. Minutes are counted modulo 65536: what is more than a day ahead must be old.
        var age = (int)(ushort)(minute - ticket.Minute);
        if (age > MinuteWraps - MostInTheFuture) age -= MinuteWraps;
        return new TicketReading
        {
            Ticket = ticket,
            Age = TimeSpan.FromMinutes(age),
            Note = age > OldMinutes ? TicketNote.Old : age < -FutureMinutes ? TicketNote.FromTheFuture : TicketNote.None,
        };
    }

    private static TicketFault Judge(Ticket ticket, Ticket? own)
    {
        // PROTOCOL TKT-9, TKT-10.
        if (own is null) return TicketFault.None;
        if (ticket.PublicKey == own.PublicKey) return TicketFault.OwnTicket;

        // Two programs on one machine may meet by loopback; others cannot.
        if (!AddressKind.IsLoopback(own.Primary) && ticket.Addresses.Any(candidate => AddressKind.IsLoopback(candidate.Endpoint)))
            return TicketFault.BadAddress;
        if (ticket.WantsToSend == own.WantsToSend) return own.WantsToSend ? TicketFault.BothSend : TicketFault.BothReceive;
        return TicketFault.None;
    }

    private static TicketReading ReadAddress(UdpEndpoint address, bool isBroken, Ticket? own)
    {
        // No check tells whether digits on both sides of a blank belong together.
        if (isBroken) return Refuse(TicketFault.NotATicket);
        if (!AddressKind.CanBePeer(address)) return Refuse(TicketFault.BadAddress);
        if (own is not null && own.Addresses.Any(candidate => candidate.Endpoint == address)) return Refuse(TicketFault.OwnTicket);
        return new TicketReading { Address = address };
    }

    // The index of an interface is the writer's business, not ours.
    private static bool TryReadEndpoint(string text, out UdpEndpoint endpoint)
    {
        var isRead = UdpEndpoint.TryParse(text, out endpoint);
        endpoint = UdpEndpoint.FromIPv6(endpoint.HighBits, endpoint.LowBits, endpoint.Port);
        return isRead;
    }

    private static TicketFault Diagnose(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0) return IPAddress.TryParse(text, out _) && text.Contains('.', StringComparison.Ordinal) ? TicketFault.NoPort : TicketFault.NotATicket;
        var host = text[..colon];
        if (TryReadEndpoint(host + ":1", out _)) return TicketFault.BadPort;
        if (text.StartsWith('[') && text.EndsWith(']')) return IPAddress.TryParse(text, out _) ? TicketFault.NoPort : TicketFault.NotATicket;
        if (host.Any(char.IsAsciiLetter) && !host.Contains(':', StringComparison.Ordinal)) return TicketFault.HostName;
        return IPAddress.TryParse(text, out _) ? TicketFault.NoPort : TicketFault.NotATicket;
    }

    private static TicketReading Refuse(TicketFault fault) => new() { Fault = fault };
}
