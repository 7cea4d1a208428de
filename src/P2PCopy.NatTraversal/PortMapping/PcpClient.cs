using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping.Wire;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>Asks a router for a port by the Port Control Protocol (RFC 6887, opcode MAP).</summary>
internal sealed class PcpClient : IMappingClient
{
    private static readonly TimeSpan ForAnswer = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ForCheck = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ForDeleting = TimeSpan.FromMilliseconds(300);

    private readonly UdpEndpoint _server;
    private readonly UdpEndpoint _inside;
    private readonly byte[] _nonce = new byte[PcpRequest.NonceLength];
    private readonly RouterEpoch _epoch = new();
    private readonly Retries _retries = new();
    private readonly Retries _checks = new();
    private UdpEndpoint _wished;
    private MappingGrant? _grant;
    private bool _forgotten;

    /// <summary>A client that has asked nothing yet.</summary>
    /// <param name="gateway">The router, any port.</param>
    /// <param name="inside">The address of this computer towards it, and the port that is to be reached.</param>
    /// <param name="random">A cryptographic source: who knows the nonce may take the mapping back.</param>
    public PcpClient(UdpEndpoint gateway, UdpEndpoint inside, IRandomBytes random)
    {
        _server = gateway.WithPort(PcpRequest.ServerPort);
        _inside = inside;
        _wished = UdpEndpoint.FromIPv4(0, inside.Port);

        // PROTOCOL MAP-4: one nonce for all of this run.
        random.Fill(_nonce);
    }

    /// <inheritdoc/>
    public PortMappingProtocols Protocol => PortMappingProtocols.Pcp;

    /// <inheritdoc/>
    public MappingState State { get; private set; }

    /// <summary>Datagrams of the router that do not answer a question of ours.</summary>
    public long Rejected { get; private set; }

    /// <inheritdoc/>
    public Instant NextTimeout => Instant.Min(_retries.Next, _checks.Next);

    /// <inheritdoc/>
    public void Ask(Instant now)
    {
        State = MappingState.Asking;
        _retries.Begin(Retries.Asking, ForAnswer, now);
    }

    /// <inheritdoc/>
    public void Check(Instant now) => _checks.Begin(Retries.Asking, ForCheck, now);

    /// <inheritdoc/>
    public void Rest()
    {
        if (State == MappingState.Asking) Conclude(MappingState.Unanswered);
    }

    /// <inheritdoc/>
    public void Delete(Instant now)
    {
        _checks.Stop();
        if (State is MappingState.Idle or MappingState.Deleting or MappingState.Deleted)
        {
            if (State == MappingState.Idle) State = MappingState.Deleted;
            return;
        }

        State = MappingState.Deleting;
        _retries.Begin(Retries.Deleting, ForDeleting, now);
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

    /// <summary>A datagram came from the router's PCP port.</summary>
    public void Handle(ReadOnlySpan<byte> datagram, Instant now)
    {
        if (PcpAnswer.TryRead(datagram, out var answer))
        {
            if (answer.IsMap) HandleMap(answer, now);
            else if (_checks.Next != Instant.Never) HandleCheck(answer.Epoch, now);
            else Rejected++;
        }
        else if (PcpAnswer.IsOtherVersion(datagram) && State is MappingState.Asking or MappingState.Deleting)
        {
            Conclude(State == MappingState.Deleting ? MappingState.Deleted : MappingState.Refused);
        }
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        _checks.Expired(now);
        if (_retries.Expired(now)) State = State == MappingState.Deleting ? MappingState.Deleted : MappingState.Unanswered;
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (_retries.TrySend(now)) transmit = new Transmit(MapRequest().Write(buffer), _server);
        else if (_checks.TrySend(now)) transmit = new Transmit(new PcpRequest { Inside = _inside }.Write(buffer), _server);
        return transmit.Length > 0;
    }

    private PcpRequest MapRequest() => State == MappingState.Deleting
        ? new PcpRequest { IsMap = true, Inside = _inside, Nonce = _nonce, Suggested = UdpEndpoint.FromIPv4(0, 0) }
        : new PcpRequest { IsMap = true, Inside = _inside, Nonce = _nonce, Suggested = _wished, Lifetime = (uint)MappingGrant.Asked.TotalSeconds };

    private void HandleMap(in PcpAnswer answer, Instant now)
    {
        // PROTOCOL MAP-5.
        if (!answer.Nonce.SequenceEqual(_nonce) || answer.Protocol != PcpRequest.Udp || answer.InsidePort != _inside.Port)
        {
            Rejected++;
            return;
        }

        if (State == MappingState.Deleting)
        {
            // A late answer to what was asked before is none to this.
            if (answer.Result != PcpResult.Success || answer.Lifetime == 0) Conclude(MappingState.Deleted);
            return;
        }

        if (State == MappingState.Deleted) return;
        var goesOn = _epoch.GoesOn(answer.Epoch, now);
        if (answer.Result == PcpResult.Success && answer.Lifetime >= MappingGrant.ShortestSeconds && answer.External is { IsIPv4: true, Port: > 0 })
        {
            // What the router has now it has just been told: if it forgot before, it knows again.
            _wished = answer.External;
            _grant = new MappingGrant(answer.External, MappingGrant.Believed(answer.Lifetime));
            Conclude(MappingState.Granted);
            return;
        }

        _forgotten |= !goesOn;
        Conclude(answer.Result == PcpResult.AddressMismatch || TellsOfInsideAddress(answer) ? MappingState.SecondNat : MappingState.Refused);
    }

    // Some say no because they have no address of the internet themselves, and which one they have.
    private bool TellsOfInsideAddress(in PcpAnswer answer) =>
        answer.External.IsIPv4 && answer.External.IPv4Bits != 0 && !answer.External.SameAddress(_wished) && !AddressKind.IsPublicIPv4(answer.External);

    private void HandleCheck(uint epoch, Instant now)
    {
        _checks.Stop();
        _forgotten |= !_epoch.GoesOn(epoch, now);
    }

    private void Conclude(MappingState state)
    {
        State = state;
        _retries.Stop();
    }
}
