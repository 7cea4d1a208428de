using P2PCopy.NatTraversal.Sealed;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Sealed;

/// <summary>Two sides of a sealed copy behind their NATs; the left one sends.</summary>
internal sealed class SealedPair : IDisposable
{
    public SealedPair(
        ulong seed,
        NatBehavior left,
        NatBehavior right,
        LinkProfile? link = null,
        long bytes = 200_000,
        Func<SealedPeerOptions, SealedPeerOptions>? leftOptions = null,
        Func<SealedPeerOptions, SealedPeerOptions>? rightOptions = null)
    {
        Network = new SimNetwork(seed);
        var (leftHost, rightHost) = Network.Peers(left, right, link ?? LinkProfile.Fibre);
        Left = new SealedSide(Network, leftHost, 1, sends: true, bytes, leftOptions);
        Right = new SealedSide(Network, rightHost, 2, sends: false, bytes, rightOptions);
    }

    public SimNetwork Network { get; }

    public SealedSide Left { get; }

    public SealedSide Right { get; }

    public bool IsDone => Left.IsDone && Right.IsDone;

    /// <summary>Each pastes the other's ticket.</summary>
    public SealedPair Paste()
    {
        Left.Paste(Right.Ticket);
        Right.Paste(Left.Ticket);
        return this;
    }

    /// <summary>Runs until all bytes are across.</summary>
    public SealedPair Finish(double seconds = 60)
    {
        Network.RunUntil(() => IsDone, TimeSpan.FromSeconds(seconds));
        return this;
    }

    /// <summary>Runs until both may begin to copy.</summary>
    public SealedPair Meet(double seconds = 1)
    {
        Network.RunUntil(() => Left.ReadyPeer is not null && Right.ReadyPeer is not null, TimeSpan.FromSeconds(seconds));
        return this;
    }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
        Network.Dispose();
    }
}
