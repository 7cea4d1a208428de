using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.IO;

/// <summary>The router by which this computer reaches the internet over IPv4, and the address that it uses towards it.</summary>
/// <param name="Gateway">The router; its port is 0.</param>
/// <param name="Local">The address of this computer; its port is 0.</param>
internal sealed record DefaultGateway(UdpEndpoint Gateway, UdpEndpoint Local)
{
    // TEST-NET-2 (RFC 5737) belongs to nobody; nothing is sent there.
    private static readonly UdpEndpoint Somewhere = UdpEndpoint.FromIPv4(0xc6336401, 9);

    /// <summary>Asks the system; <see langword="null"/> when there is none. Never throws.</summary>
    public static DefaultGateway? Find()
    {
        if (LocalAddress.Towards(Somewhere, UdpEndpoint.From(IPAddress.Any, 0)) is not { } local) return null;
        try
        {
            foreach (var nic in NetworkInterface.GetAllNetworkInterfaces())
            {
                var properties = nic.GetIPProperties();
                if (!properties.UnicastAddresses.Any(unicast => unicast.Address.Equals(local.Address))) continue;
                var gateway = properties.GatewayAddresses
                    .Select(entry => entry.Address)
                    .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !address.Equals(IPAddress.Any));
                if (gateway is not null) return new DefaultGateway(UdpEndpoint.From(gateway, 0), local);
            }
        }
        catch (Exception error) when (error is NetworkInformationException or PlatformNotSupportedException)
        {
            // A network that changes while it is read has no gateway for now.
        }

        return null;
    }
}
