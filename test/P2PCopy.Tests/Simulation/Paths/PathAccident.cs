namespace P2PCopy.Tests.Simulation.Paths;

/// <summary>What happens to a pair that has met.</summary>
public enum PathAccident
{
    /// <summary>The left NAT forgets all and gives other ports.</summary>
    NewPort,

    /// <summary>The left NAT forgets all and gives the same ports where it can.</summary>
    FlushedNat,

    /// <summary>The left host goes to another network, and notices.</summary>
    OtherNetwork,

    /// <summary>The left host goes to another network without noticing.</summary>
    OtherNetworkUnnoticed,

    /// <summary>The left host goes to another network, and the right user pastes a new ticket.</summary>
    OtherNetworkAndNewTicket,

    /// <summary>Nothing passes for half a minute.</summary>
    BlackOut,

    /// <summary>Two hosts of one network are cut off from each other, but not from the router.</summary>
    LanCut,

    /// <summary>Two hosts of one network are no longer cut off from each other.</summary>
    LanMended,

    /// <summary>One of them tells the other of an address that is better.</summary>
    BetterCandidate,
}
