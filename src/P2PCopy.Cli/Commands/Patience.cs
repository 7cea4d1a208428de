using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Cli.Commands;

/// <summary>How long a copy waits before it gives up.</summary>
/// <param name="ForPeer">How long the peer may move nothing.</param>
/// <param name="ForUser">How long the user may think about an offer; shorter, as the peer has to hear the answer in time.</param>
internal readonly record struct Patience(TimeSpan ForPeer, TimeSpan ForUser)
{
    /// <summary>The original's wire has no word for a user who thinks, and no other sign of a dead peer than its silence.</summary>
    public static readonly Patience Original = new(new ReceiveOptions().StallLimit, new ReceiveOptions().DecisionLimit);

    /// <summary>A sealed link watches the path itself; whoever is there may take his time.</summary>
    public static readonly Patience Sealed = new(TimeSpan.FromHours(13), TimeSpan.FromHours(12));

    /// <summary>Whether the user should be told to hurry.</summary>
    public bool IsShort => ForUser < TimeSpan.FromMinutes(10);
}
