using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Measuring;

/// <summary>Who may measure with whom.</summary>
internal static class MeasureRoles
{
    /// <summary>The greeting of a side that measures the path, or waits for that.</summary>
    public static HelloMessage Hello(bool measures) => new(TreeVersion.Lowest, TreeVersion.Highest, measures, TreeFeatures.None) { Measures = true };

    /// <summary>Why these two cannot measure, or null.</summary>
    public static Ending? Judge(in HelloMessage peer, bool weMeasure) =>
        // PROTOCOL MEAS-1.
        !peer.Measures ? MeasureEndings.PeerCopies(peer.Sends)
        : peer.Sends == weMeasure ? MeasureEndings.SameRole(weMeasure)
        : TreeVersion.JudgeVersions(peer);
}
