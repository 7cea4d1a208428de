using System.Collections.Concurrent;
using System.Net;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.Cli.Commands.Legacy;

/// <summary>The address that the user is told to tell the peer, and what was told before.</summary>
/// <param name="screen">Where it is told.</param>
/// <param name="localPort">The port that is bound.</param>
internal sealed class OwnAddress(Screen screen, ushort localPort)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<UdpEndpoint> _changes = new();
    private readonly List<UdpEndpoint> _told = [];
    private UdpEndpoint? _mapped;
    private bool _announced;

    /// <summary>Every address that reaches or reached this side.</summary>
    public UdpEndpoint[] All
    {
        get
        {
            lock (_gate) return [.. _told];
        }
    }

    /// <summary>Tells what the network is like and the address.</summary>
    public void Announce(NetworkReport report)
    {
        var network = report.LocalEndpoint?.Address ?? LocalSocket.FindNetworkAddress();
        var local = UdpEndpoint.From(network ?? IPAddress.Loopback, localPort);
        screen.Result($"Your firewall is {report.Firewall}");
        if (report.Detail.Length > 0) screen.Note($"  {report.Detail}");
        screen.Note($"  {report.Advice}");
        lock (_gate)
        {
            _announced = true;
            if ((_mapped ?? report.MappedEndpoint) is { } mapped)
            {
                Tell(mapped);
            }
            else
            {
                screen.Note(network is null
                    ? "This computer has no network; the address below works for programs on this computer only."
                    : "This is your address in your own network:");
                Tell(local);
            }

            _told.Add(local);
        }
    }

    /// <summary>The public address changed. Comes on the thread of the socket, which must not wait for a terminal.</summary>
    public void Change(UdpEndpoint mapped)
    {
        _changes.Enqueue(mapped);
        ThreadPool.QueueUserWorkItem(_ => TellChanges());
    }

    // Whoever gets here first tells all that came, in its order.
    private void TellChanges()
    {
        lock (_gate)
            while (_changes.TryDequeue(out var mapped)) TellChange(mapped);
    }

    private void TellChange(UdpEndpoint mapped)
    {
        if (_mapped == mapped) return;
        _mapped = mapped;
        if (!_announced) return;
        screen.Note("Your address changed.");
        Tell(mapped);
    }

    private void Tell(UdpEndpoint address)
    {
        _mapped = address;
        _told.Add(address);
        screen.TellPeer(address.ToString());
    }
}
