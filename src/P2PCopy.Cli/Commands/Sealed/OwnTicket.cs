using System.Net;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>The ticket that the user is told to tell the peer: printed once, and again when the address in it changed.</summary>
/// <param name="context">Where it is told, and what the user does not want in it.</param>
/// <param name="key">The key of this run.</param>
/// <param name="sends">Whether this side wants to send.</param>
/// <param name="localPort">The port that is bound.</param>
internal sealed class OwnTicket(CommandContext context, PublicKey key, bool sends, ushort localPort)
{
    private readonly Lock _gate = new();
    private readonly Screen _screen = context.Screen;
    private NetworkReport? _report;
    private NetworkReport? _correction;
    private PortMappingReport? _mapping;

    /// <summary>The ticket as it was told last; <see langword="null"/> before that.</summary>
    public Ticket? Told { get; private set; }

    /// <summary>What is known of this side's network now; nothing before the ticket was told.</summary>
    public NetworkReport Network
    {
        get
        {
            lock (_gate) return _report ?? new NetworkReport();
        }
    }

    /// <summary>What the router does, as it was told last.</summary>
    public PortMappingReport? PortMapping
    {
        get
        {
            lock (_gate) return _mapping;
        }
    }

    /// <summary>Now, as tickets count it.</summary>
    public ushort Minute => Ticket.MinuteOf(context.Clock.UtcNow);

    /// <summary>Tells what the network is like, and the ticket.</summary>
    public void Announce(NetworkReport report)
    {
        lock (_gate)
        {
            Tell(_correction ?? report);
            if (IPAddress.IsLoopback(Told!.Primary.Address)) _screen.Note("  This computer has no network; this ticket is good for programs on this computer only.");
            else _screen.Note("  (peer has the original p2pcopy? give it only the part before the '-')");
        }
    }

    /// <summary>The network turned out to be another one than was told, since servers answered after all. Before the first ticket that goes into it.</summary>
    /// <param name="report">What it is like.</param>
    /// <param name="isConnected">Whether the peer is told by the link; else the user is, if it matters.</param>
    /// <returns>The ticket as it is now; <see langword="null"/> when nothing was told yet.</returns>
    public Ticket? Correct(NetworkReport report, bool isConnected)
    {
        lock (_gate)
        {
            _correction = report;
            if (Told is null) return null;
            var ticket = Make(report with { PortMapping = _mapping });
            if (isConnected || ticket.Addresses.SequenceEqual(Told.Addresses)) return ticket;
            _screen.Note("Your network answers now. Your peer needs your new ticket:");
            Tell(report);
            return Told;
        }
    }

    /// <summary>The internet may see this side elsewhere than before. Nothing is said before the first ticket was told, or when nothing changed.</summary>
    /// <returns>The new ticket; <see langword="null"/> when the told one holds.</returns>
    public Ticket? Change(UdpEndpoint mapped)
    {
        lock (_gate)
        {
            if (Told is null || _report is null || Told.Primary == mapped) return null;
            var ticket = Make(_report with { MappedEndpoint = mapped });
            _screen.Note("Your address changed. Your peer needs your new ticket:");
            Tell(ticket);
            return ticket;
        }
    }

    /// <summary>The router forwards a port now, another one than before, or none any more. Before the first ticket that goes into it.</summary>
    /// <param name="mapping">What the router does.</param>
    /// <param name="isConnected">Whether the peer is told by the link; else the user is, if it matters.</param>
    /// <returns>The ticket as it is now; <see langword="null"/> when nothing was told yet.</returns>
    public Ticket? Change(PortMappingReport mapping, bool isConnected)
    {
        lock (_gate)
        {
            // PROTOCOL MAP-11.
            _mapping = mapping;
            if (Told is null || _report is null) return null;
            var ticket = Make(_report with { PortMapping = mapping });
            if (isConnected || !Matters(ticket)) return ticket;
            _screen.Note(ticket.IsReachable
                ? "Your router forwards a port to you now. With this ticket instead, your peer can reach you alone:"
                : "Your router does not forward a port to you any more. Your peer needs your new ticket:");
            Tell(ticket);
            return ticket;
        }
    }

    // What was told holds unless it promised too much, or too little.
    private bool Matters(Ticket ticket) =>
        ticket.IsReachable != Told!.IsReachable
        || Told.Candidates.Any(candidate => candidate.Kind == CandidateKind.Mapped && !ticket.Candidates.Contains(candidate));

    private Ticket Make(NetworkReport report)
    {
        // Without any network two programs on this computer can still meet.
        var local = report.LocalEndpoint ?? UdpEndpoint.From(LocalSocket.FindNetworkAddress() ?? IPAddress.Loopback, localPort);
        _report = report with { LocalEndpoint = local };
        var draft = new TicketDraft
        {
            PublicKey = key,
            WantsToSend = sends,
            Network = _report,
            Port = localPort,
            HostAddresses = HostAddresses.Read(),
            Mapped = report.PortMapping?.External,
            HidesLan = context.Connection.HidesLan,
            HidesIPv6 = context.Connection.AvoidsIPv6,
        };
        return draft.Make(Minute) ?? throw new CommandFailedException(new ErrorReport(
            ExitCode.NotConnected,
            "There is no address that your peer could be told.",
            "No server told the public one, and those of your own network are kept back by --lan none.",
            "Leave --lan none out, or let STUN servers be asked."));
    }

    private void Tell(NetworkReport report)
    {
        report = report with { PortMapping = _mapping };
        var ticket = Make(report);
        _screen.Result($"Your firewall is {report.Firewall}");
        if (report.Detail.Length > 0) _screen.Note($"  {report.Detail}");
        _screen.Note(ticket.IsReachable ? "  Anyone with your ticket can reach you: one ticket is enough." : $"  {report.Advice}");
        Tell(ticket);
    }

    private void Tell(Ticket ticket)
    {
        Told = ticket;
        _screen.TellPeer(ticket.ToString());
        if (context.Connection.ShowsCode) _screen.ShowCode(ticket.ToString());
    }
}
