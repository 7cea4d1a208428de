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

    /// <summary>Whether a stranger's packet has come in by it: tested from outside; <see langword="null"/> when that could not be tested.</summary>
    public bool? LetsIn { get; init; }
}
