using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>A target that a user is asked about: a folder, or standard output.</summary>
internal interface IReceivingTarget : ITargetTree, IDisposable
{
    /// <summary>Whether nothing was there when it was opened, so that whatever is offered is new.</summary>
    bool IsBlank { get; }

    /// <summary>What the user is to be asked, once the manifest is whole.</summary>
    TreeOffer Describe(TreeSummary summary);

    /// <summary>The texts that came, a stranger's.</summary>
    IReadOnlyList<string> Texts { get; }

    /// <summary>The entries that were not taken since the last call, and why.</summary>
    TargetNote[] TakeNotes();
}
