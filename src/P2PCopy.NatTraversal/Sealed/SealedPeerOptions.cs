using P2PCopy.NatTraversal.Channel;

namespace P2PCopy.NatTraversal.Sealed;

/// <summary>What one side of a sealed link is told before it begins.</summary>
public sealed record SealedPeerOptions
{
    /// <summary>The key pair of this run; it stays the caller's.</summary>
    public required StaticKey Key { get; init; }

    /// <summary>Whether this side is the one that sends files.</summary>
    public required bool WantsToSend { get; init; }

    /// <summary>Whether the users compare words even though both hold a ticket.</summary>
    public bool Verify { get; init; }

    /// <summary>Whether ML-KEM-768 is used if the peer has it too.</summary>
    public bool PostQuantum { get; init; } = true;

    /// <summary>
    /// What the fastest network of this machine carries, bits per second, if it is known: where that is slower than a processor seals, a
    /// cipher with a longer tag is not offered. A link asks the system when it is null.
    /// </summary>
    public long? FastestNetwork { get; init; }

    /// <summary>Whether words that nobody typed are waived: the session counts as verified without.</summary>
    public bool SkipWords { get; init; }
}
