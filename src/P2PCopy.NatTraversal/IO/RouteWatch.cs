using System.Net.NetworkInformation;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.IO;

/// <summary>
/// Notices that this computer reaches its peer from another address than before: another network, or the same with a new lease. The
/// system tells of every change of any interface; most of them mean nothing to us.
/// </summary>
internal sealed class RouteWatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly UdpEndpoint _bound;
    private readonly Func<UdpEndpoint?> _remote;
    private readonly Action _changed;
    private UdpEndpoint? _towards;
    private UdpEndpoint? _source;

    /// <summary>Begins to watch.</summary>
    /// <param name="bound">What the socket is bound to.</param>
    /// <param name="remote">Where the peer is reached now, if it is.</param>
    /// <param name="changed">Called on a thread of the pool.</param>
    public RouteWatch(UdpEndpoint bound, Func<UdpEndpoint?> remote, Action changed)
    {
        (_bound, _remote, _changed) = (bound, remote, changed);
        NetworkChange.NetworkAddressChanged += Look;
    }

    /// <summary>The peer is reached by this address from now on.</summary>
    public void Remember(UdpEndpoint remote)
    {
        lock (_gate) (_towards, _source) = (remote, LocalAddress.Towards(remote, _bound));
    }

    /// <inheritdoc/>
    public void Dispose() => NetworkChange.NetworkAddressChanged -= Look;

    private void Look(object? sender, EventArgs change)
    {
        lock (_gate)
        {
            if (_remote() is not { } remote) return;
            var source = LocalAddress.Towards(remote, _bound);
            var isOther = remote == _towards && source != _source;
            (_towards, _source) = (remote, source);
            if (!isOther) return;
        }

        _changed();
    }
}
