namespace P2PCopy.NatTraversal.Report;

/// <summary>On what the outside address depends (RFC 4787 §4.1).</summary>
public enum MappingBehavior
{
    /// <summary>Not found out.</summary>
    Unknown,

    /// <summary>There is no NAT: inside and outside address are the same.</summary>
    None,

    /// <summary>On nothing: the same for every peer (EIM).</summary>
    EndpointIndependent,

    /// <summary>On the peer's address (ADM).</summary>
    AddressDependent,

    /// <summary>On the peer's address and port (APDM).</summary>
    AddressAndPortDependent,
}
