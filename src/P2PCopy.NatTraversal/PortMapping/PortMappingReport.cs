using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>What the router does for us on request.</summary>
/// <param name="Outcome">What came of it.</param>
public sealed record PortMappingReport(PortMappingOutcome Outcome)
{
    /// <summary>How the router was asked, when it answered.</summary>
    public PortMappingProtocols Protocol { get; init; }

    /// <summary>The router's outer address and the port that it forwards, when it does.</summary>
    public UdpEndpoint? External { get; init; }
}
