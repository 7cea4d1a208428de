namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>How far one way to ask the router has come.</summary>
internal enum MappingState
{
    /// <summary>Not asked yet.</summary>
    Idle,

    /// <summary>Asked, no answer yet.</summary>
    Asking,

    /// <summary>The router forwards a port.</summary>
    Granted,

    /// <summary>The router answered and does not.</summary>
    Refused,

    /// <summary>No answer came. A late one still counts.</summary>
    Unanswered,

    /// <summary>There is another NAT between us and the router, or between it and the internet.</summary>
    SecondNat,

    /// <summary>What was asked for is being taken back.</summary>
    Deleting,

    /// <summary>It is taken back, or was never there.</summary>
    Deleted,
}
