using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Crossing;

/// <summary>How the address that STUN servers saw of the peer is probed until the peer is heard.</summary>
internal enum ProbeStyle
{
    /// <summary>At once and often.</summary>
    Fast,

    /// <summary>At once and often, and after ten seconds in common slots.</summary>
    FastThenSlots,

    /// <summary>By openers, which the peer's NAT never sees.</summary>
    Openers,

    /// <summary>In common slots only.</summary>
    Slots,
}

/// <summary>
/// What one side does to come together with the other: the one table of this program about pairs of NATs. What is probed, what users
/// are told, and what the tests expect, all come from it.
/// </summary>
public sealed record CrossingPlan
{
    // Openers die on their way, but behind the outermost NAT of our own side: one at home is crossed with 2 hops, those of carriers with
    // some more.
    private const byte VolleyHops = 5;
    private const int MostSockets = 256;
    private const int SocketsInBlock = 64;
    private const int PortsPerSocket = 8;

    private static readonly PortRange AllPorts = new(1024, 65535);

    /// <summary>By what means.</summary>
    public required CrossingKind Kind { get; init; }

    /// <summary>The name of the peer's network.</summary>
    public FirewallType PeerFirewall { get; private init; }

    /// <summary>How the peer's address is probed.</summary>
    internal ProbeStyle Style { get; init; }

    /// <summary>Whether openers keep the way out of our own NAT open between slots, since nothing can spoil it.</summary>
    internal bool KeepsHole { get; init; }

    /// <summary>How many further sockets this side opens, so that some guess of the peer hits one of them; 0 when it does not guess so.</summary>
    internal int Sockets { get; init; }

    /// <summary>Whether this side guesses at ports of the peer.</summary>
    internal bool Sprays { get; init; }

    /// <summary>Among which ports.</summary>
    internal PortRange SprayRange { get; init; } = AllPorts;

    /// <summary>Whether guessing waits for the first slot, since there is a better way that is tried first.</summary>
    internal bool GuessesLater { get; init; }

    /// <summary>Where the peer's ports are foretold to be.</summary>
    internal PredictedPorts? Predicted { get; init; }

    /// <summary>When that was foretold, as tickets count it.</summary>
    internal ushort PredictedInMinute { get; init; }

    /// <summary>Whether a common clock is needed: this computer's own may be wrong.</summary>
    public bool NeedsTime => Style != ProbeStyle.Fast || Sockets > 0 || Sprays;

    /// <summary>As <see cref="Sockets"/>, when a peer that was met has fallen silent: our NAT may have given us another port.</summary>
    internal int SocketsAfterSilence { get; init; }

    /// <summary>As <see cref="Sprays"/>, when a peer that was met has fallen silent.</summary>
    internal bool SpraysAfterSilence { get; init; }

    /// <summary>The hop limit of what the further sockets send; 0 when it may arrive.</summary>
    internal byte VolleyTimeToLive { get; init; }

    /// <summary>How long it takes at most, counted from when the later of the two users has entered the other's ticket.</summary>
    public TimeSpan? Limit => LimitOf(Kind);

    /// <summary>Nothing is known of the two NATs but an address: probed at once and often, then in slots.</summary>
    internal static CrossingPlan Unknown { get; } = new() { Kind = CrossingKind.PerhapsSlots, Style = ProbeStyle.FastThenSlots };

    /// <summary>What one side does.</summary>
    /// <param name="own">What this side told.</param>
    /// <param name="peer">What the other side told.</param>
    // PROTOCOL PATH-15.
    public static CrossingPlan Between(Ticket own, Ticket peer)
    {
        var (me, other) = (NatSide.Of(own), NatSide.Of(peer));
        var kind = KindOf(me, other);
        var guesses = kind is CrossingKind.Guessing or CrossingKind.Prediction;
        return new CrossingPlan
        {
            Kind = kind,
            PeerFirewall = other.Firewall,
            Style = StyleOf(me, other),
            KeepsHole = own.EarlyPackets == EarlyPacketEffect.None && !me.IsHard,
            Sockets = guesses && me.IsHard ? SocketsOf(me) : 0,
            Sprays = guesses && other.IsHard,
            SprayRange = other.Block ?? AllPorts,
            GuessesLater = kind == CrossingKind.Prediction,
            PredictedInMinute = peer.Minute,
            Predicted = kind is CrossingKind.Prediction or CrossingKind.Luck ? other.Predicted : null,
            SocketsAfterSilence = other is { HasInternet: true, IsHard: false, FiltersByPort: true } ? SocketsOf(me) : 0,
            SpraysAfterSilence = me is { HasInternet: true, IsHard: false, FiltersByPort: true },
            VolleyTimeToLive = other.EarlyPackets == EarlyPacketEffect.None ? (byte)0 : VolleyHops,
        };
    }

    /// <summary>How long a kind takes at most; nothing where nothing can be promised.</summary>
    public static TimeSpan? LimitOf(CrossingKind kind) => kind switch
    {
        CrossingKind.Direct or CrossingKind.SameComputer or CrossingKind.SharedNetwork or CrossingKind.NearbyAddresses => TimeSpan.FromSeconds(1),
        CrossingKind.Prediction => TimeSpan.FromSeconds(5),
        CrossingKind.Guessing => TimeSpan.FromSeconds(20),
        CrossingKind.CommonSlots => TimeSpan.FromSeconds(45),
        CrossingKind.PerhapsSlots => TimeSpan.FromSeconds(95),
        _ => null,
    };

    private static CrossingKind KindOf(NatSide own, NatSide peer)
    {
        if (own.HasIPv6 && peer.HasIPv6) return CrossingKind.Direct;
        if (!own.HasInternet || !peer.HasInternet) return KindOfPrivate(own, peer);
        if (own.Primary.SameAddress(peer.Primary)) return CrossingKind.SharedNetwork;
        if (own.IsOpen || peer.IsOpen) return CrossingKind.Direct;
        return (own.IsHard, peer.IsHard) switch
        {
            (false, false) => KindOfEasy(own, peer),
            (true, true) => own.Predicted is not null && peer.Predicted is not null ? CrossingKind.Luck : CrossingKind.Hopeless,
            (true, false) => KindOfMixed(hard: own, easy: peer),
            _ => KindOfMixed(hard: peer, easy: own),
        };
    }

    private static CrossingKind KindOfPrivate(NatSide own, NatSide peer)
    {
        var (isOwnOnline, isPeerOnline) = (own.HasInternet || own.HasIPv6, peer.HasInternet || peer.HasIPv6);
        if (isOwnOnline && isPeerOnline) return CrossingKind.NoCommonFamily;
        if (isOwnOnline || isPeerOnline) return CrossingKind.OwnNetworkOnly;
        if (own.IsLoopback && peer.IsLoopback) return CrossingKind.SameComputer;
        return own.IsNear(peer) ? CrossingKind.NearbyAddresses : CrossingKind.OwnNetworkOnly;
    }

    private static CrossingKind KindOfEasy(NatSide own, NatSide peer)
    {
        if (own.EarlyPackets == EarlyPacketEffect.SpoilsMapping && peer.EarlyPackets == EarlyPacketEffect.SpoilsMapping) return CrossingKind.CommonSlots;
        return own.EarlyPackets == EarlyPacketEffect.Unknown || peer.EarlyPackets == EarlyPacketEffect.Unknown ? CrossingKind.PerhapsSlots : CrossingKind.Direct;
    }

    private static CrossingKind KindOfMixed(NatSide hard, NatSide easy)
    {
        if (!easy.FiltersByPort) return CrossingKind.Direct;
        return hard.Predicted is not null ? CrossingKind.Prediction : CrossingKind.Guessing;
    }

    // PROTOCOL PATH-16.
    private static ProbeStyle StyleOf(NatSide own, NatSide peer) => peer.EarlyPackets switch
    {
        EarlyPacketEffect.None => ProbeStyle.Fast,
        EarlyPacketEffect.Unknown => ProbeStyle.FastThenSlots,
        _ => own.EarlyPackets == EarlyPacketEffect.SpoilsMapping ? ProbeStyle.Slots : ProbeStyle.Openers,
    };

    private static int SocketsOf(NatSide own) => own.Block is { } block
        ? Math.Clamp((block.Highest - block.Lowest + 1) / PortsPerSocket, 1, SocketsInBlock)
        : MostSockets;
}
