using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping.Wire;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>Asks a router for a port by the Port Control Protocol (RFC 6887, opcode MAP).</summary>
internal sealed class PcpClient : DatagramMappingClient
{
    private readonly UdpEndpoint _inside;
    private readonly byte[] _nonce = new byte[PcpRequest.NonceLength];
    private UdpEndpoint _wished;

    /// <summary>A client that has asked nothing yet.</summary>
    /// <param name="gateway">The router, any port.</param>
    /// <param name="inside">The address of this computer towards it, and the port that is to be reached.</param>
    /// <param name="random">A cryptographic source: who knows the nonce may take the mapping back.</param>
    /// <param name="grants">Where the router's yes goes.</param>
    public PcpClient(UdpEndpoint gateway, UdpEndpoint inside, IRandomBytes random, GrantQueue grants)
        : base(PortMappingProtocols.Pcp, gateway, grants)
    {
        _inside = inside;
        _wished = UdpEndpoint.FromIPv4(0, inside.Port);

        // PROTOCOL MAP-4: one nonce for all of this run.
        random.Fill(_nonce);
    }

    /// <inheritdoc/>
    protected override int Questions => 1;

    /// <inheritdoc/>
    public override void Handle(ReadOnlySpan<byte> datagram)
    {
        if (PcpAnswer.TryRead(datagram, out var answer))
        {
            // PROTOCOL MAP-5.
            if (!answer.Nonce.SequenceEqual(_nonce) || answer.Protocol != PcpRequest.Udp || answer.InsidePort != _inside.Port) Rejected++;
            else if (State == MappingState.Deleting) HandleDeleted(answer);
            else if (State != MappingState.Deleted) HandleMapped(answer);
        }
        else if (PcpAnswer.IsOtherVersion(datagram) && State is MappingState.Asking or MappingState.Deleting)
        {
            Conclude(State == MappingState.Deleting ? MappingState.Deleted : MappingState.Refused);
        }
    }

    /// <inheritdoc/>
    protected override int WriteQuestion(Span<byte> buffer, int number) =>
        new PcpRequest { Inside = _inside, Nonce = _nonce, Suggested = _wished, Lifetime = (uint)MappingGrant.Asked.TotalSeconds }.Write(buffer);

    /// <inheritdoc/>
    protected override int WriteDeletion(Span<byte> buffer) =>
        new PcpRequest { Inside = _inside, Nonce = _nonce, Suggested = UdpEndpoint.FromIPv4(0, 0) }.Write(buffer);

    private void HandleDeleted(in PcpAnswer answer)
    {
        // A late answer to what was asked before is none to this.
        if (answer.Result != PcpResult.Success || answer.Lifetime == 0) Conclude(MappingState.Deleted);
    }

    private void HandleMapped(in PcpAnswer answer)
    {
        if (answer.Result == PcpResult.Success && answer.Lifetime >= MappingGrant.ShortestSeconds && answer.External is { IsIPv4: true, Port: > 0 })
        {
            _wished = answer.External;
            Grant(new MappingGrant(answer.External, MappingGrant.Believed(answer.Lifetime)));
        }
        else if (answer.Result == PcpResult.AddressMismatch || TellsOfInsideAddress(answer))
        {
            Conclude(MappingState.SecondNat);
        }
        else if (answer.Result is not (PcpResult.NetworkFailure or PcpResult.NoResources) || !HoldOn())
        {
            Conclude(MappingState.Refused);
        }
    }

    // Some say no because they have no address of the internet themselves, and which one they have.
    private bool TellsOfInsideAddress(in PcpAnswer answer) =>
        answer.External.IsIPv4 && answer.External.IPv4Bits != 0 && !answer.External.SameAddress(_wished) && !AddressKind.IsPublicIPv4(answer.External);
}
