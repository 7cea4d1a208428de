using System.Net.NetworkInformation;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.IO;

/// <summary>
/// A network that is just coming up: a cable that was plugged in a moment ago, a Wi-Fi that is being joined. Who looks for addresses
/// too early finds loopback alone.
/// </summary>
/// <example><code>
/// if (NetworkArrival.IsAwaited) await NetworkArrival.WaitAsync(cancellation);
/// </code></example>
public sealed class NetworkArrival : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2); // PROTOCOL TKT-15.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Action _changed;

    /// <summary>Watches from now on.</summary>
    /// <param name="changed">Called on some thread when an interface of this computer may have got or lost an address or its line.</param>
    public NetworkArrival(Action changed)
    {
        _changed = changed;
        NetworkChange.NetworkAddressChanged += Tell;
        NetworkChange.NetworkAvailabilityChanged += Tell;
    }

    /// <summary>Whether this computer has no address by which others could reach it, and an interface that may get one.</summary>
    public static bool IsAwaited => !IsThere && HostAddresses.Interfaces().Any(MayCome);

    private static bool IsThere => HostAddresses.Read().Any(CandidateSelection.IsUsable);

    /// <summary>Waits until there is an address, for two seconds at most.</summary>
    /// <returns>Whether there is one.</returns>
    public static async Task<bool> WaitAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!IsThere) await timer.WaitForNextTickAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Watches no more.</summary>
    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= Tell;
        NetworkChange.NetworkAvailabilityChanged -= Tell;
    }

    private static bool MayCome(NetworkInterface nic) =>
        nic.NetworkInterfaceType is not (NetworkInterfaceType.Loopback or NetworkInterfaceType.Tunnel or NetworkInterfaceType.Unknown)
        && !CandidateSelection.IsBridge(nic.Name);

    private void Tell(object? sender, EventArgs change) => _changed();
}
