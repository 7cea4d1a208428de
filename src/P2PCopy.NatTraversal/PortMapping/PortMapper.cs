using System.Diagnostics.CodeAnalysis;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping.Upnp;
using P2PCopy.NatTraversal.PortMapping.Wire;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>
/// Gets a port of the router forwarded to us for as long as the program runs: asks in the one way after the other, keeps what was
/// granted, whatever the router forgets, and takes it back in the end.
/// </summary>
/// <remarks>
/// It runs on a socket of its own. HTTP requests are handed out by <see cref="TryTakeRequest"/> and their answers given to
/// <see cref="Answer"/>; all else is datagrams.
/// </remarks>
internal sealed class PortMapper : IDatagramProtocol
{
    /// <summary>When the first result is said, whatever it is: a ticket does not wait longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Taking back ends after this, done or not.</summary>
    public static readonly TimeSpan ForFarewell = TimeSpan.FromMilliseconds(300); // PROTOCOL MAP-10.

    private static readonly TimeSpan BeforeNatPmp = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BeforeUpnp = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LeastRenewal = TimeSpan.FromSeconds(4);

    private enum Timer
    {
        NatPmp,
        Upnp,
        Decision,
        Renewal,
        Expiry,
        Farewell,
    }

    private readonly PortMappingProtocols _allowed;
    private readonly UdpEndpoint _gateway;
    private readonly PcpClient _pcp;
    private readonly NatPmpClient _natPmp;
    private readonly UpnpClient _upnp;
    private readonly IMappingClient[] _clients;
    private readonly GrantQueue _grants = new();
    private readonly TimerTable<Timer> _timers = new();
    private IMappingClient? _holder;
    private MappingGrant _held;
    private PortMappingReport _report = new(PortMappingOutcome.Pending);
    private bool _reportChanged;
    private bool _isSecondNat;
    private bool _closing;

    /// <summary>A mapper that has not started.</summary>
    /// <param name="allowed">How the router may be asked.</param>
    /// <param name="gateway">The router, any port.</param>
    /// <param name="inside">The address of this computer towards it, and the port that is to be reached.</param>
    /// <param name="random">A cryptographic source.</param>
    public PortMapper(PortMappingProtocols allowed, UdpEndpoint gateway, UdpEndpoint inside, IRandomBytes random)
    {
        (_allowed, _gateway) = (allowed, gateway);
        _pcp = new PcpClient(gateway, inside, random, _grants);
        _natPmp = new NatPmpClient(gateway, inside.Port, _grants);
        _upnp = new UpnpClient(gateway, inside, random, _grants);
        _clients = [_pcp, _natPmp, _upnp];
    }

    /// <summary>What came of it so far.</summary>
    public PortMappingReport Report => _report;

    /// <summary>Whether a ticket need not wait any longer.</summary>
    public bool IsDecided { get; private set; }

    /// <summary>Whether all that was asked for is taken back, or it cannot be waited for any longer.</summary>
    public bool HasSaidFarewell { get; private set; }

    /// <summary>Datagrams that were not to be believed.</summary>
    public long Rejected => _pcp.Rejected + _natPmp.Rejected + _upnp.Rejected;

    /// <inheritdoc/>
    public Instant NextTimeout
    {
        get
        {
            if (HasSaidFarewell) return Instant.Never;
            var next = _timers.Next;
            foreach (var client in _clients) next = Instant.Min(next, client.NextTimeout);
            return next;
        }
    }

    /// <summary>Begins to ask.</summary>
    public void Start(Instant now)
    {
        // PROTOCOL MAP-1.
        _timers[Timer.Decision] = now + Patience;
        AskAll(now);
        Advance(now);
    }

    /// <summary>Something happened to the network: asks again at once instead of when it would be time.</summary>
    public void Refresh(Instant now)
    {
        if (_closing) return;
        if (_holder is null) AskAll(now);
        else _holder.Ask(now);
        Advance(now);
    }

    /// <summary>Takes back whatever was asked for; done when <see cref="HasSaidFarewell"/>.</summary>
    public void Close(Instant now)
    {
        if (_closing) return;
        _closing = true;
        _timers.StopAll();
        _timers[Timer.Farewell] = now + ForFarewell;

        // PROTOCOL MAP-10. A way that lost the race, or was not answered yet, may have made a mapping too.
        foreach (var client in _clients) client.Delete(now);
        Advance(now);
    }

    /// <summary>Takes a new result; the first is told when <see cref="IsDecided"/>.</summary>
    public bool TryReadReport([NotNullWhen(true)] out PortMappingReport? report)
    {
        report = _reportChanged ? _report : null;
        if (report is not null) _reportChanged = false;
        return report is not null;
    }

    /// <summary>Takes the next HTTP request.</summary>
    public bool TryTakeRequest([NotNullWhen(true)] out UpnpRequest? request) => _upnp.TryTakeRequest(out request);

    /// <summary>The HTTP request was answered; with status 0 when it was not, or not in a way that may be read.</summary>
    public void Answer(int status, ReadOnlySpan<byte> body, Instant now)
    {
        _upnp.Answer(status, body, now);
        Advance(now);
    }

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => remote.SameAddress(_gateway);

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        // PROTOCOL MAP-5, MAP-6.
        if (remote == _gateway.WithPort(PcpRequest.ServerPort))
        {
            _pcp.Handle(datagram);
            _natPmp.Handle(datagram);
        }
        else
        {
            _upnp.Handle(datagram, remote, now);
        }

        Advance(now);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        foreach (var client in _clients) client.HandleTimeout(now);
        Advance(now);
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        foreach (var client in _clients)
            if (client.TryTransmit(buffer, now, out transmit)) return true;
        transmit = default;
        return false;
    }

    private bool May(PortMappingProtocols protocol) => _allowed.HasFlag(protocol);

    private void AskAll(Instant now)
    {
        _isSecondNat = false;
        if (May(PortMappingProtocols.Pcp)) _pcp.Ask(now);
        if (May(PortMappingProtocols.NatPmp)) _timers[Timer.NatPmp] = May(PortMappingProtocols.Pcp) ? now + BeforeNatPmp : now;
        if (!May(PortMappingProtocols.Upnp)) return;
        _upnp.Search(now);
        _timers[Timer.Upnp] = _allowed == PortMappingProtocols.Upnp ? now : now + BeforeUpnp;
    }

    private void Advance(Instant now)
    {
        if (_closing)
        {
            HasSaidFarewell |= _timers.Expired(Timer.Farewell, now) || _clients.All(client => client.State == MappingState.Deleted);
            return;
        }

        // PROTOCOL MAP-9.
        foreach (var client in _clients) _isSecondNat |= client.State == MappingState.SecondNat;
        while (_grants.TryTake(out var client, out var grant)) Take(client, grant, now);
        if (_holder is null) GoOnAsking(now);
        else Keep(_holder, now);
        Tell(now);
    }

    // PROTOCOL MAP-1: NAT-PMP when PCP is silent or not spoken, UPnP when neither helped.
    private void GoOnAsking(Instant now)
    {
        if (_isSecondNat)
        {
            _timers.Stop(Timer.NatPmp);
            _timers.Stop(Timer.Upnp);
            return;
        }

        if (_timers[Timer.NatPmp] != Instant.Never && (_timers.Expired(Timer.NatPmp, now) | _pcp.State == MappingState.Refused))
        {
            _timers.Stop(Timer.NatPmp);
            _natPmp.Ask(now);
            if (May(PortMappingProtocols.Upnp)) _upnp.Prepare(now);
        }

        var othersSaidNo = (!May(PortMappingProtocols.Pcp) || _pcp.State == MappingState.Refused)
            && (!May(PortMappingProtocols.NatPmp) || _natPmp.State == MappingState.Refused);
        if (_timers[Timer.Upnp] == Instant.Never || (!_timers.Expired(Timer.Upnp, now) && !othersSaidNo)) return;
        _timers.Stop(Timer.Upnp);
        _upnp.Ask(now);
    }

    private void Take(IMappingClient client, MappingGrant grant, Instant now)
    {
        // The first who grants it holds it; what another way may have made as well is taken back in the end.
        if (_holder is not null && _holder != client) return;
        if (_isSecondNat || !AddressKind.IsPublicIPv4(grant.External))
        {
            // It leads nowhere.
            _isSecondNat = true;
            client.Delete(now);
            Drop();
            return;
        }

        (_holder, _held) = (client, grant);
        foreach (var other in _clients)
            if (other != client) other.Rest();
        _timers.Stop(Timer.NatPmp);
        _timers.Stop(Timer.Upnp);

        _timers[Timer.Expiry] = now + grant.Lifetime;
        _timers[Timer.Renewal] = now + UntilRenewal(client, now);
    }

    // PROTOCOL MAP-7.
    private TimeSpan UntilRenewal(IMappingClient holder, Instant now)
    {
        var half = (_timers[Timer.Expiry] - now) / 2;
        return half < holder.LongestTrust ? half : holder.LongestTrust;
    }

    private void Keep(IMappingClient holder, Instant now)
    {
        if (holder.State is MappingState.Refused or MappingState.SecondNat || _timers.Expired(Timer.Expiry, now))
        {
            Drop();
            if (!_isSecondNat) AskAll(now);
            return;
        }

        if (!_timers.Expired(Timer.Renewal, now)) return;
        holder.Ask(now);
        if (UntilRenewal(holder, now) is var next && next > LeastRenewal) _timers[Timer.Renewal] = now + next;
    }

    private void Drop()
    {
        _holder = null;
        _timers.Stop(Timer.Renewal);
        _timers.Stop(Timer.Expiry);
    }

    private void Tell(Instant now)
    {
        IsDecided |= _timers.Expired(Timer.Decision, now) || _holder is not null || _isSecondNat || IsAllAnswered;
        if (!IsDecided) return;
        var told = Describe();
        if (told == _report) return;
        (_report, _reportChanged) = (told, true);
    }

    private bool IsAllAnswered => _clients.All(client => !May(client.Protocol)
        || client.State is MappingState.Refused or MappingState.Unanswered or MappingState.SecondNat);

    private PortMappingReport Describe()
    {
        if (_holder is not null) return new PortMappingReport(PortMappingOutcome.Mapped) { Protocol = _holder.Protocol, External = _held.External };
        if (_isSecondNat) return new PortMappingReport(PortMappingOutcome.SecondNat);
        return Array.FindLast(_clients, client => client.State == MappingState.Refused) is { } refuser
            ? new PortMappingReport(PortMappingOutcome.Refused) { Protocol = refuser.Protocol }
            : new PortMappingReport(PortMappingOutcome.NoService);
    }
}
