using System.Net;
using System.Net.Sockets;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams.IO;

namespace P2PCopy.Cli.Commands;

/// <summary>Opens the one socket, with a sentence when it cannot be had.</summary>
internal static class LocalSocket
{
    // An address of the internet that nobody has (RFC 5737); nothing is sent to it.
    private static readonly IPEndPoint Elsewhere = new(new IPAddress([192, 0, 2, 1]), 9);

    /// <summary>The address that peers in the same network would use: the one that packets to the internet would leave from.</summary>
    /// <returns><see langword="null"/> when there is no network.</returns>
    public static IPAddress? FindNetworkAddress()
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Connect(Elsewhere);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Binds a UDP port on all addresses, also those of IPv6 where there is such; 0 for any port.</summary>
    /// <exception cref="CommandFailedException">It cannot be bound.</exception>
    public static Socket BindBothFamilies(int port)
    {
        try
        {
            return UdpSocket.Open(new IPEndPoint(IPAddress.IPv6Any, port), bothFamilies: true);
        }
        catch (SocketException)
        {
            // No IPv6 on this computer; or another reason, which then comes up again.
            return Bind(port);
        }
    }

    /// <summary>Binds a UDP port on all IPv4 addresses; 0 for any.</summary>
    /// <exception cref="CommandFailedException">It cannot be bound.</exception>
    public static Socket Bind(int port)
    {
        try
        {
            return UdpSocket.Open(new IPEndPoint(IPAddress.Any, port));
        }
        catch (SocketException failure)
        {
            throw new CommandFailedException(failure.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => new ErrorReport(
                    ExitCode.Usage, $"Cannot use port {port}.", "Another program on this computer is using it.", "Close that program, or choose another port with --localport."),
                SocketError.AccessDenied => new ErrorReport(
                    ExitCode.Usage, $"Cannot use port {port}.", "The system does not allow it to this user.", "Choose a port above 1023 with --localport."),
                _ => new ErrorReport(
                    ExitCode.NotConnected, "Cannot open a UDP socket.", $"The system says: {failure.Message}.", "Check that this computer has a network."),
            });
        }
    }
}
