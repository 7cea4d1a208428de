using P2PCopy.Cli.Terminal;
using P2PCopy.NatTraversal.IO;

namespace P2PCopy.Cli.Commands;

/// <summary>Waits a moment for a network that is just coming up: what is found out before that holds for this computer alone.</summary>
internal static class NetworkWait
{
    /// <summary>Waits, and says so, if there is something to wait for.</summary>
    public static async Task ForAddressAsync(Screen screen, CancellationToken cancellation)
    {
        if (!NetworkArrival.IsAwaited) return;
        screen.Note("This computer has no network yet; waiting a moment for it ...");
        await NetworkArrival.WaitAsync(cancellation).ConfigureAwait(false);
    }
}
