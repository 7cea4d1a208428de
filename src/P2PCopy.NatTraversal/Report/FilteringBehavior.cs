namespace P2PCopy.NatTraversal.Report;

/// <summary>Whom the NAT or firewall lets in (RFC 4787 §5).</summary>
public enum FilteringBehavior
{
    /// <summary>Not found out.</summary>
    Unknown,

    /// <summary>Anybody (EIF).</summary>
    EndpointIndependent,

    /// <summary>Whoever's address was written to (ADF).</summary>
    AddressDependent,

    /// <summary>The very address and port that was written to (APDF).</summary>
    AddressAndPortDependent,
}
