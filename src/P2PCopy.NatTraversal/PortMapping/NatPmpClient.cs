using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping.Wire;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>Asks a router for a port by NAT-PMP (RFC 6886). The router's outer address takes a question of its own.</summary>
internal sealed class NatPmpClient : DatagramMappingClient
{
    // "Network failure" (RFC 6886 §3.5): the router has no outer address, or none of the internet.
    private const ushort NoOuterAddress = 3;
    private const ushort OutOfResources = 4;

    private const int AddressQuestion = 2;

    private readonly ushort _insidePort;
    private ushort _wished;
    private uint? _address;
    private (ushort Port, TimeSpan Lifetime)? _mapped;

    /// <summary>A client that has asked nothing yet.</summary>
    /// <param name="gateway">The router, any port.</param>
    /// <param name="insidePort">The port of this computer that is to be reached.</param>
    /// <param name="grants">Where the router's yes goes.</param>
    public NatPmpClient(UdpEndpoint gateway, ushort insidePort, GrantQueue grants)
        : base(PortMappingProtocols.NatPmp, gateway, grants) => _insidePort = _wished = insidePort;

    /// <inheritdoc/>
    protected override int Questions => AddressQuestion;

    /// <inheritdoc/>
    public override void Ask(Instant now)
    {
        (_address, _mapped) = (null, null);
        base.Ask(now);
    }

    /// <inheritdoc/>
    public override void Handle(ReadOnlySpan<byte> datagram)
    {
        // PROTOCOL MAP-6.
        if (!NatPmpAnswer.TryRead(datagram, out var answer)) return;
        if (State is MappingState.Idle or MappingState.Deleted) Rejected++;
        else if (State == MappingState.Deleting) HandleDeleted(answer);
        else if (answer.Result != 0) Refuse(answer);
        else if (answer.IsMap) HandleMap(answer);
        else HandleAddress(answer);
    }

    /// <inheritdoc/>
    protected override int WriteQuestion(Span<byte> buffer, int number)
    {
        if (number == AddressQuestion) return _address is null ? default(NatPmpRequest).Write(buffer) : 0;
        if (_mapped is not null) return 0;
        return new NatPmpRequest { IsMap = true, InsidePort = _insidePort, SuggestedPort = _wished, Lifetime = (uint)MappingGrant.Asked.TotalSeconds }.Write(buffer);
    }

    /// <inheritdoc/>
    protected override int WriteDeletion(Span<byte> buffer) => new NatPmpRequest { IsMap = true, InsidePort = _insidePort }.Write(buffer);

    private void HandleDeleted(in NatPmpAnswer answer)
    {
        if (answer.IsMap && (answer.Result != 0 || (answer.InsidePort == _insidePort && answer.Lifetime == 0))) Conclude(MappingState.Deleted);
    }

    private void HandleMap(in NatPmpAnswer answer)
    {
        if (answer.InsidePort != _insidePort)
        {
            Rejected++;
        }
        else if (answer.ExternalPort == 0 || answer.Lifetime < MappingGrant.ShortestSeconds)
        {
            Refuse(answer);
        }
        else
        {
            _mapped = (_wished = answer.ExternalPort, MappingGrant.Believed(answer.Lifetime));
            Join();
        }
    }

    private void HandleAddress(in NatPmpAnswer answer)
    {
        _address = answer.Address;
        Join();
    }

    private void Join()
    {
        if (State == MappingState.Granted || _address is not { } address || _mapped is not { } mapped) return;
        Grant(new MappingGrant(UdpEndpoint.FromIPv4(address, mapped.Port), mapped.Lifetime));
    }

    private void Refuse(in NatPmpAnswer answer)
    {
        if (State == MappingState.Granted || (answer.Result is NoOuterAddress or OutOfResources && HoldOn())) return;
        Conclude(answer.Result == NoOuterAddress ? MappingState.SecondNat : MappingState.Refused);
    }
}
