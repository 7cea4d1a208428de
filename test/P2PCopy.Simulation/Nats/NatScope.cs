namespace P2PCopy.Simulation.Nats;

/// <summary>How much of the far endpoint a NAT looks at, for mapping and for filtering (RFC 4787 §4.1 and §5).</summary>
public enum NatScope
{
    /// <summary>Nothing: one mapping for all destinations; anybody may send in.</summary>
    EndpointIndependent,

    /// <summary>The address: a mapping per destination address; addresses that were sent to may send in.</summary>
    AddressDependent,

    /// <summary>Address and port: a mapping per destination; only endpoints that were sent to may send in.</summary>
    AddressAndPortDependent,
}
