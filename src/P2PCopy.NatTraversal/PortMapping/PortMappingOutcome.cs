namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>What came of asking the router for a port.</summary>
public enum PortMappingOutcome
{
    /// <summary>Nobody was asked.</summary>
    NotAsked,

    /// <summary>Nothing is known yet.</summary>
    Pending,

    /// <summary>No router answered, or there is none.</summary>
    NoService,

    /// <summary>The router answered that it does not want to, or gives ports away for ever only.</summary>
    Refused,

    /// <summary>The router's own outer address is not one of the internet: there is another NAT behind it, so its mapping leads nowhere.</summary>
    SecondNat,

    /// <summary>The router forwards a port.</summary>
    Mapped,
}
