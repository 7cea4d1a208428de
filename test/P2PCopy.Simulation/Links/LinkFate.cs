namespace P2PCopy.Simulation.Links;

/// <summary>What became of a datagram that was given to a link.</summary>
public enum LinkFate
{
    /// <summary>It is under way.</summary>
    Carried,

    /// <summary>Lost by chance.</summary>
    Lost,

    /// <summary>Lost because the queue had no room.</summary>
    QueueFull,

    /// <summary>Lost because it is longer than the MTU.</summary>
    TooLong,

    /// <summary>Lost in a black-out.</summary>
    BlackedOut,
}
