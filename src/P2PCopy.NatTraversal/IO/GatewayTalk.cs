using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.PortMapping.Upnp;

namespace P2PCopy.NatTraversal.IO;

/// <summary>A <see cref="PortMapper"/> on a socket of its own, with an HTTP client for what is not datagrams: all talk with one router.</summary>
internal sealed class GatewayTalk : IAsyncDisposable
{
    private readonly PortMapper _machine;
    private readonly UdpDriver _driver;
    private readonly RouterHttp _http = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly TaskCompletionSource _farewell = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<PortMappingReport> _reported;
    private bool _disposed;

    /// <summary>Begins to ask.</summary>
    /// <param name="place">The router, and the address towards it.</param>
    /// <param name="port">The port of this computer that is to be reached.</param>
    /// <param name="allowed">How it may be asked.</param>
    /// <param name="reported">Told each new result, the first after a second at most; called on the driver's thread.</param>
    /// <exception cref="SocketException">The address is not there any more.</exception>
    public GatewayTalk(DefaultGateway place, ushort port, PortMappingProtocols allowed, Action<PortMappingReport> reported)
    {
        (Place, _reported, _stopped) = (place, reported, _stop.Token);
        _machine = new PortMapper(allowed, place.Gateway, place.Local.WithPort(port), SecureRandom.Instance);
        var socket = UdpSocket.Open(new IPEndPoint(place.Local.Address, 0));
        try
        {
            // Searches reach the router's network and go no further; our own programs need not hear them.
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, place.Local.Address.GetAddressBytes());
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 2);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, 0);
        }
        catch (SocketException)
        {
            // Then there is no search by multicast; the router is asked directly too.
        }

        _driver = new UdpDriver(socket);
        _driver.Add(_machine, _ => Look());
        using var turn = _driver.EnterTurn();
        _machine.Start(turn.Now);
    }

    /// <summary>Whom it talks to.</summary>
    public DefaultGateway Place { get; }

    /// <summary>Asks again at once.</summary>
    public void Refresh()
    {
        using var turn = _driver.EnterTurn();
        _machine.Refresh(turn.Now);
    }

    /// <summary>Takes back what was asked for, within 300 ms.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        using (var turn = _driver.EnterTurn())
        {
            _machine.Close(turn.Now);
            Look();
        }

        // The machine itself gives up in that time; a thread that is not woken must not keep the program.
        await Task.WhenAny(_farewell.Task, Task.Delay(PortMapper.ForFarewell)).ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        _driver.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    // Inside a turn: after each step of the driver, and after what was told from outside.
    private void Look()
    {
        if (_machine.TryTakeRequest(out var request)) _ = Task.Run(() => CarryOutAsync(request));
        while (_machine.TryReadReport(out var report)) _reported(report);
        if (_machine.HasSaidFarewell) _farewell.TrySetResult();
    }

    private async Task CarryOutAsync(UpnpRequest request)
    {
        var (status, body) = await _http.SendAsync(request, _stopped).ConfigureAwait(false);
        using var turn = _driver.EnterTurn();
        _machine.Answer(status, body, turn.Now);
        Look();
    }
}
