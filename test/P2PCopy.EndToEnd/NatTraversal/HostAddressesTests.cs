using System.Globalization;
using System.Net;
using System.Net.Sockets;
using P2PCopy.NatTraversal.IO;

namespace P2PCopy.EndToEnd.NatTraversal;

public sealed class HostAddressesTests
{
    [Fact]
    public void Every_address_that_is_read_is_one_of_this_computer()
    {
        var addresses = HostAddresses.Read();

        Assert.Contains(addresses, host => host.Address.Address.Equals(IPAddress.Loopback));
        Assert.All(addresses, host => Assert.NotEmpty(host.Interface));
        Assert.All(addresses.Where(host => !host.IsDeprecated), host =>
        {
            // The system lets nobody bind to an address that it does not have.
            var endpoint = host.Address.ToIPEndPoint();
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(endpoint);
        });
    }

    [Fact]
    public void At_most_one_address_of_each_family_is_preferred_and_never_loopback()
    {
        var preferred = HostAddresses.Read().Where(host => host.IsPreferred).ToArray();

        Assert.Distinct(preferred.Select(host => host.Address.IsIPv4));
        Assert.DoesNotContain(preferred, host => IPAddress.IsLoopback(host.Address.Address));
    }

    [Fact]
    public void An_interface_carries_what_the_system_says()
    {
        if (!OperatingSystem.IsLinux()) return;
        Assert.All(HostAddresses.Read(), host =>
        {
            var megabits = 0;
            try
            {
                _ = int.TryParse(File.ReadAllText($"/sys/class/net/{host.Interface}/speed"), CultureInfo.InvariantCulture, out megabits);
            }
            catch (IOException)
            {
                // Loopback has none, as others that do not know.
            }

            Assert.Equal(megabits > 0 ? megabits * 1_000_000L : null, host.BitsPerSecond);
        });
    }
}
