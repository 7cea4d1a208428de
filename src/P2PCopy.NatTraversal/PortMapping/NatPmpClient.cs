using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping.Wire;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>Asks a router for a port by NAT-PMP (RFC 6886). The router's outer address takes a question of its own.</summary>
internal sealed class NatPmpClient : IMappingClient
{
    // "Network failure" (RFC 6886 §3.5): the router has no outer address, or none of the internet.
    private const ushort NoOuterAddress = 3;

    private static readonly TimeSpan ForAnswer = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ForCheck = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ForDeleting = TimeSpan.FromMilliseconds(300);

    private readonly UdpEndpoint _server;
    private readonly ushort _insidePort;
    private readonly RouterEpoch _epoch = new();
    private readonly Retries _addressRetries = new();
    private readonly Retries _mapRetries = new();
    private ushort _wished;
    private uint? _address;
    private (ushort Port, TimeSpan Lifetime)? _mapped;
    private MappingGrant? _grant;
    private bool _forgotten;

    /// <summary>A client that has asked nothing yet.</summary>
    /// <param name="gateway">The router, any port.</param>
    /// <param name="insidePort">The port of this computer that is to be reached.</param>
    public NatPmpClient(UdpEndpoint gateway, ushort insidePort)
    {
        _server = gateway.WithPort(PcpRequest.ServerPort);
        _insidePort = _wished = insidePort;
    }

    /// <inheritdoc/>
    public PortMappingProtocols Protocol => PortMappingProtocols.NatPmp;

    /// <inheritdoc/>
    public MappingState State { get; private set; }

    /// <summary>Datagrams of the router that do not answer a question of ours.</summary>
    public long Rejected { get; private set; }

    /// <inheritdoc/>
    public Instant NextTimeout => Instant.Min(_mapRetries.Next, _addressRetries.Next);

    /// <inheritdoc/>
    public void Ask(Instant now)
    {
        State = MappingState.Asking;
        (_address, _mapped) = (null, null);
        _addressRetries.Begin(Retries.Asking, ForAnswer, now);
        _mapRetries.Begin(Retries.Asking, ForAnswer, now);
    }

    /// <inheritdoc/>
    public void Check(Instant now) => _addressRetries.Begin(Retries.Asking, ForCheck, now);

    /// <inheritdoc/>
    public void Rest()
    {
        if (State != MappingState.Asking) return;
        _addressRetries.Stop();
        _mapRetries.Stop();
        State = MappingState.Unanswered;
    }

    /// <inheritdoc/>
    public void Delete(Instant now)
    {
        _addressRetries.Stop();
        if (State is MappingState.Idle or MappingState.Deleting or MappingState.Deleted)
        {
            if (State == MappingState.Idle) State = MappingState.Deleted;
            return;
        }

        State = MappingState.Deleting;
        _mapRetries.Begin(Retries.Deleting, ForDeleting, now);
    }

    /// <inheritdoc/>
    public bool TryTakeGrant(out MappingGrant grant)
    {
        grant = _grant.GetValueOrDefault();
        var there = _grant is not null;
        _grant = null;
        return there;
    }

    /// <inheritdoc/>
    public bool TryTakeForgotten() => _forgotten && !(_forgotten = false);

    /// <summary>A datagram came from the router's NAT-PMP port.</summary>
    public void Handle(ReadOnlySpan<byte> datagram, Instant now)
    {
        // PROTOCOL MAP-6.
        if (!NatPmpAnswer.TryRead(datagram, out var answer)) return;
        if (State is MappingState.Idle or MappingState.Deleted) Rejected++;
        else if (State == MappingState.Deleting) HandleDeleted(answer);
        else if (answer.Result != 0) Refuse(answer, now);
        else if (answer.IsMap) HandleMap(answer, now);
        else HandleAddress(answer, now);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        var addressExpired = _addressRetries.Expired(now);
        if (!_mapRetries.Expired(now) && !(addressExpired && State == MappingState.Asking)) return;
        _mapRetries.Stop();
        State = State == MappingState.Deleting ? MappingState.Deleted : MappingState.Unanswered;
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (_addressRetries.TrySend(now)) transmit = new Transmit(default(NatPmpRequest).Write(buffer), _server);
        else if (_mapRetries.TrySend(now)) transmit = new Transmit(MapRequest().Write(buffer), _server);
        return transmit.Length > 0;
    }

    private NatPmpRequest MapRequest() => State == MappingState.Deleting
        ? new NatPmpRequest { IsMap = true, InsidePort = _insidePort }
        : new NatPmpRequest { IsMap = true, InsidePort = _insidePort, SuggestedPort = _wished, Lifetime = (uint)MappingGrant.Asked.TotalSeconds };

    private void HandleDeleted(in NatPmpAnswer answer)
    {
        if (!answer.IsMap || (answer.Result == 0 && (answer.InsidePort != _insidePort || answer.Lifetime > 0))) return;
        _mapRetries.Stop();
        State = MappingState.Deleted;
    }

    private void HandleMap(in NatPmpAnswer answer, Instant now)
    {
        if (answer.InsidePort != _insidePort)
        {
            Rejected++;
            return;
        }

        _epoch.GoesOn(answer.Epoch, now);
        if (answer.ExternalPort == 0 || answer.Lifetime < MappingGrant.ShortestSeconds)
        {
            Refuse(answer, now);
            return;
        }

        _mapRetries.Stop();
        _mapped = (_wished = answer.ExternalPort, MappingGrant.Believed(answer.Lifetime));
        Join();
    }

    private void HandleAddress(in NatPmpAnswer answer, Instant now)
    {
        // The mapping that is asked for at the same time is made anew by that.
        if (!_epoch.GoesOn(answer.Epoch, now) && State != MappingState.Asking) _forgotten = true;
        _addressRetries.Stop();
        var changed = _address is { } former && former != answer.Address;
        _address = answer.Address;
        if (State == MappingState.Granted && changed) _forgotten = true;
        Join();
    }

    private void Join()
    {
        if (State == MappingState.Granted || _address is not { } address || _mapped is not { } mapped) return;
        _grant = new MappingGrant(UdpEndpoint.FromIPv4(address, mapped.Port), mapped.Lifetime);
        State = MappingState.Granted;
    }

    private void Refuse(in NatPmpAnswer answer, Instant now)
    {
        if (!_epoch.GoesOn(answer.Epoch, now)) _forgotten = true;
        if (State == MappingState.Granted) return;
        _addressRetries.Stop();
        _mapRetries.Stop();
        State = answer.Result == NoOuterAddress ? MappingState.SecondNat : MappingState.Refused;
    }
}
