using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree;

/// <summary>Which versions of the protocol this program speaks, and what two programs agree on.</summary>
internal static class TreeVersion
{
    public const ushort Lowest = 1;
    public const ushort Highest = 1;

    public static HelloMessage Hello(bool sends, TreeFeatures features) => new(Lowest, Highest, sends, features | TreeFeatures.Notes);

    /// <summary>What is used of what the two sides ask for: of some one wish is enough, others must be known to both.</summary>
    public static TreeFeatures Agree(TreeFeatures ours, TreeFeatures theirs) =>
        ((ours | theirs) & TreeFeatures.Digests) | (theirs & TreeFeatures.Notes) | (ours & theirs & TreeFeatures.WantsAll);

    /// <summary>Why these two cannot copy, or null.</summary>
    public static Ending? Judge(in HelloMessage peer, bool weSend) =>
        // PROTOCOL TREE-3.
        peer.Measures ? TreeEndings.PeerMeasures
        : peer.Sends == weSend ? TreeEndings.SameRole(weSend)
        : JudgeVersions(peer);

    /// <summary>Why the two have no version in common, or null.</summary>
    public static Ending? JudgeVersions(in HelloMessage peer) =>
        peer.Lowest > Highest ? TreeEndings.Versions("newer", "Update this program.")
        : peer.Highest < Lowest ? TreeEndings.Versions("older", "Ask the peer to update its program.")
        : null;
}
