namespace P2PCopy.NatTraversal.Crossing;

/// <summary>By what means two sides come together, the easiest first.</summary>
public enum CrossingKind
{
    /// <summary>Both send, and that is all.</summary>
    Direct,

    /// <summary>Both programs run on one computer and have told each other only that.</summary>
    SameComputer,

    /// <summary>Both are seen at one address of the internet, so they are probably in one network.</summary>
    SharedNetwork,

    /// <summary>Neither has a way to the internet, but their own addresses look like those of one network.</summary>
    NearbyAddresses,

    /// <summary>By foretelling the ports of a NAT that steps evenly.</summary>
    Prediction,

    /// <summary>By guessing at the ports of a NAT that draws them at random.</summary>
    Guessing,

    /// <summary>Early packets spoil the mappings of both NATs, so that both sides must begin at the same moment.</summary>
    CommonSlots,

    /// <summary>Perhaps so, perhaps not: it is not known of each NAT what early packets do to it.</summary>
    PerhapsSlots,

    /// <summary>Two NATs whose ports step evenly: if nobody else makes a mapping in that second.</summary>
    Luck,

    /// <summary>Two NATs of which each has another port for everybody, and one at random.</summary>
    Hopeless,

    /// <summary>One of them has no way to the internet: only a network that both are in can connect them.</summary>
    OwnNetworkOnly,

    /// <summary>One has IPv4 of the internet alone and the other IPv6 alone: only a network that both are in can connect them.</summary>
    NoCommonFamily,
}
