using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.IO;

/// <summary>Reads the addresses of this computer's interfaces.</summary>
public static class HostAddresses
{
    private const string LinuxIPv6Addresses = "/proc/net/if_inet6";

    // Nothing is sent there: the routing table is asked for the way to the internet. TEST-NET-2 (RFC 5737) and the first address of
    // 2000::/3 belong to nobody.
    private static readonly UdpEndpoint SomewhereIPv4 = UdpEndpoint.FromIPv4(0xc6336401, 9);
    private static readonly UdpEndpoint SomewhereIPv6 = UdpEndpoint.FromIPv6(0x2000_0000_0000_0000, 1, 9);

    [Flags]
    private enum LinuxFlags
    {
        // linux/if_addr.h.
        Temporary = 0x01,
        DadFailed = 0x08,
        Deprecated = 0x20,
        Tentative = 0x40,
    }

    /// <summary>All addresses of interfaces that are up, in the system's order. What cannot be read is left out; nothing is thrown.</summary>
    public static IReadOnlyList<HostAddress> Read()
    {
        var preferred = new[] { LocalAddress.Towards(SomewhereIPv4, UdpEndpoint.From(IPAddress.Any, 0)), LocalAddress.Towards(SomewhereIPv6, UdpEndpoint.From(IPAddress.IPv6Any, 0)) };
        var flags = ReadLinuxFlags();
        var addresses = new List<HostAddress>();
        foreach (var nic in Interfaces())
        {
            try
            {
                if (nic.OperationalStatus is not (OperationalStatus.Up or OperationalStatus.Unknown)) continue;
                var properties = nic.GetIPProperties();
                var hasGateway = properties.GatewayAddresses.Any(gateway => !gateway.Address.Equals(IPAddress.Any) && !gateway.Address.Equals(IPAddress.IPv6Any));
                var speed = SpeedOf(nic);
                foreach (var unicast in properties.UnicastAddresses)
                {
                    if (unicast.Address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)) continue;
                    var address = UdpEndpoint.From(unicast.Address, 0);
                    var flag = flags.GetValueOrDefault(address);
                    addresses.Add(new HostAddress(address, nic.Name)
                    {
                        HasGateway = hasGateway,
                        BitsPerSecond = speed,
                        IsPreferred = preferred.Any(one => one is { } source && source.SameAddress(address)),
                        IsTemporary = flag.HasFlag(LinuxFlags.Temporary),
                        IsDeprecated = (flag & (LinuxFlags.Deprecated | LinuxFlags.Tentative | LinuxFlags.DadFailed)) != 0 || IsDeprecatedOnWindows(unicast),
                    });
                }
            }
            catch (Exception error) when (error is NetworkInformationException or PlatformNotSupportedException)
            {
                // An interface that went away while it was read has no addresses.
            }
        }

        return addresses;
    }

    /// <summary>What the fastest interface by which others may reach this computer carries, bits per second; null if one of them does not say.</summary>
    internal static long? FastestInterface()
    {
        var speeds = Read().Where(CandidateSelection.IsUsable).Select(host => host.BitsPerSecond ?? long.MaxValue).DefaultIfEmpty(long.MaxValue).Max();
        return speeds == long.MaxValue ? null : speeds;
    }

    /// <summary>All interfaces, up or not; nothing is thrown.</summary>
    internal static NetworkInterface[] Interfaces()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces();
        }
        catch (Exception error) when (error is NetworkInformationException or PlatformNotSupportedException)
        {
            return [];
        }
    }

    // On Linux the framework knows the speed of some kinds of interfaces only.
    private static long? SpeedOf(NetworkInterface nic)
    {
        if (!OperatingSystem.IsLinux()) return nic.Speed > 0 ? nic.Speed : null;
        try
        {
            return int.TryParse(File.ReadAllText($"/sys/class/net/{nic.Name}/speed"), CultureInfo.InvariantCulture, out var megabits) && megabits > 0
                ? megabits * 1_000_000L
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsDeprecatedOnWindows(UnicastIPAddressInformation unicast) =>
        OperatingSystem.IsWindows() && unicast.DuplicateAddressDetectionState != DuplicateAddressDetectionState.Preferred;

    // Lines like: 20010db8004a00010000000000000023 02 40 00 80 eth0 (address, interface, prefix, scope, flags, name).
    private static Dictionary<UdpEndpoint, LinuxFlags> ReadLinuxFlags()
    {
        var flags = new Dictionary<UdpEndpoint, LinuxFlags>();
        if (!OperatingSystem.IsLinux()) return flags;
        try
        {
            foreach (var line in File.ReadLines(LinuxIPv6Addresses))
                if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [{ Length: 32 } address, _, _, _, var bits, ..]
                    && int.TryParse(bits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                    flags[UdpEndpoint.From(new IPAddress(Convert.FromHexString(address)), 0)] = (LinuxFlags)value;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            // Without the file all addresses count as stable.
        }

        return flags;
    }
}
