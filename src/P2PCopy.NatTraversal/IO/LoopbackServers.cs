using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.Stun;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.NatTraversal.IO;

/// <summary>
/// A STUN server and a time server on this machine alone, for demonstrations and tests without internet. The STUN server has a second
/// address where the system gives loopback more than one.
/// </summary>
/// <example><code>
/// using var servers = LoopbackServers.Start();
/// using var probe = NetworkProbe.Start(driver, new NetworkProbeOptions { Servers = [servers.Stun] });
/// </code></example>
public sealed class LoopbackServers : IDisposable
{
    private readonly List<UdpDriver> _drivers = [];
    private readonly Dictionary<UdpEndpoint, (UdpDriver Driver, StunServer Server)> _stunSockets = [];

    private LoopbackServers()
    {
    }

    /// <summary>Where STUN is served.</summary>
    public ServerName Stun { get; private set; }

    /// <summary>Where the time is served: this machine's own.</summary>
    public ServerName Ntp { get; private set; }

    /// <summary>Whether the STUN server has a second address, so that filtering can be tested.</summary>
    public bool HasSecondAddress { get; private set; }

    /// <summary>Starts both on ports that the system chooses.</summary>
    /// <exception cref="SocketException">No socket can be had on loopback.</exception>
    public static LoopbackServers Start()
    {
        var servers = new LoopbackServers();
        try
        {
            servers.StartStun();
            servers.StartNtp();
            return servers;
        }
        catch
        {
            servers.Dispose();
            throw;
        }
    }

    /// <summary>Stops both.</summary>
    public void Dispose()
    {
        foreach (var driver in _drivers) driver.Dispose();
        _drivers.Clear();
    }

    private void StartNtp()
    {
        var clock = MonotonicClock.System;
        var time = InternetTime.FromLocalClock(clock.Now, clock.UtcNow);
        var driver = Open(IPAddress.Loopback, 0);
        driver.Add(new NtpServer(time.At));
        Ntp = new ServerName(driver.LocalEndpoint.Address.ToString(), driver.LocalEndpoint.Port);
    }

    private void StartStun()
    {
        var primary = Open(IPAddress.Loopback, 0);
        Stun = new ServerName(primary.LocalEndpoint.Address.ToString(), primary.LocalEndpoint.Port);
        if (TryOpenAlternates(primary) is not { } alternates)
        {
            primary.Add(new StunServer(primary.LocalEndpoint));
            return;
        }

        HasSecondAddress = true;
        var (port, address, both) = alternates;
        UdpDriver[] square = [primary, port, address, both];
        for (var i = 0; i < square.Length; i++)
        {
            // In this order the socket with the other address and port is the one opposite.
            var (own, other) = (square[i].LocalEndpoint, square[square.Length - 1 - i].LocalEndpoint);
            _stunSockets[own] = (square[i], new StunServer(own, other, (change, answer) => HandOver(Changed(own, other, change), answer)));
        }

        foreach (var (driver, server) in _stunSockets.Values) driver.Add(server);
    }

    // The other sockets have locks of their own, which must not be taken inside a turn of this one.
    private void HandOver(UdpEndpoint to, StunServerAnswer answer) => ThreadPool.QueueUserWorkItem(_ =>
    {
        var (driver, server) = _stunSockets[to];
        using var turn = driver.EnterTurn();
        server.Deliver(answer);
    });

    private (UdpDriver Port, UdpDriver Address, UdpDriver Both)? TryOpenAlternates(UdpDriver primary)
    {
        var opened = _drivers.Count;
        try
        {
            var second = new IPAddress([127, 0, 0, 2]);
            var port = Open(IPAddress.Loopback, 0);
            return (port, Open(second, primary.LocalEndpoint.Port), Open(second, port.LocalEndpoint.Port));
        }
        catch (SocketException)
        {
            // Only one loopback address here, or the ports are not free there.
            foreach (var driver in _drivers[opened..]) driver.Dispose();
            _drivers.RemoveRange(opened, _drivers.Count - opened);
            return null;
        }
    }

    private UdpDriver Open(IPAddress address, int port)
    {
        var driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(address, port)));
        _drivers.Add(driver);
        return driver;
    }

    private static UdpEndpoint Changed(UdpEndpoint own, UdpEndpoint other, StunChange change) => change switch
    {
        StunChange.Port => own.WithPort(other.Port),
        StunChange.Address => other.WithPort(own.Port),
        _ => other,
    };
}
