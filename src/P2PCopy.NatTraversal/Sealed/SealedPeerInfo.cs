using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Paths;

namespace P2PCopy.NatTraversal.Sealed;

/// <summary>The peer of a sealed session.</summary>
public sealed record SealedPeerInfo
{
    /// <summary>Where it was reached when this was said.</summary>
    public required UdpEndpoint Remote { get; init; }

    /// <summary>The way there.</summary>
    public required PathRoute Route { get; init; }

    /// <summary>The round trip; <see langword="null"/> before it was measured.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>What makes it the peer.</summary>
    public required PeerTrust Trust { get; init; }

    /// <summary>The words of the session that this side's screen may show; never those that this side's user must type.</summary>
    public required IReadOnlyList<string> WordsShown { get; init; }

    /// <summary>How many words of the other screen this side's user must type; 0 when none, or done.</summary>
    public required int WordsToType { get; init; }

    /// <summary>Whether the peer's user must type words of this screen before anything moves.</summary>
    public required bool PeerTypesWords { get; init; }

    /// <summary>Whether the peer is the one that sends files.</summary>
    public required bool PeerWantsToSend { get; init; }

    /// <summary>What seals the datagrams.</summary>
    public required DataCipher Cipher { get; init; }

    /// <summary>Whether the keys also rest on ML-KEM-768.</summary>
    public required bool IsPostQuantum { get; init; }
}
