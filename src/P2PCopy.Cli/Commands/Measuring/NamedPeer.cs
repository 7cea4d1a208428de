using System.Net;
using System.Net.Sockets;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Measuring;

/// <summary>A peer who is named as servers are, NAME:PORT, where a ticket or an address in numbers would do as well.</summary>
internal static class NamedPeer
{
    private const int LongestName = 40;

    /// <summary>The text as a ticket or ip:port; what is one already, or nonsense, stays.</summary>
    /// <exception cref="CommandFailedException">There is no such name.</exception>
    public static async Task<string> ResolveAsync(string text, CancellationToken cancellation)
    {
        var fault = TicketReader.Read(text, own: null, minute: 0).Fault;
        if (fault != TicketFault.HostName && !(fault == TicketFault.NotATicket && IsBareName(text))) return text;
        if (!ServerName.TryParse(text, defaultPort: 0, out var name) || name.Port == 0)
            throw Refused(ExitCode.Usage, text, "A name needs a port, NAME:PORT: the one that stands in front of the ticket there, which --localport chooses.");
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(name.Host, cancellation).ConfigureAwait(false);
            // What waits listens on both, and IPv4 is what everybody has.
            var address = addresses.FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork) ?? addresses.FirstOrDefault();
            if (address is not null) return UdpEndpoint.From(address, name.Port).ToString();
        }
        catch (SocketException)
        {
            // It has no address, or nobody could be asked.
        }

        throw Refused(ExitCode.NotConnected, text, "The name has no address, or no name server answers.");
    }

    // What is longer is rather a ticket that lost its beginning.
    private static bool IsBareName(string text) => text.Length < LongestName && text.Any(char.IsAsciiLetter) && Uri.CheckHostName(text) == UriHostNameType.Dns;

    private static CommandFailedException Refused(ExitCode code, string text, string why) =>
        new(new ErrorReport(code, $"Cannot find {DisplayText.Escape(text, 60)}.", why, ""));
}
