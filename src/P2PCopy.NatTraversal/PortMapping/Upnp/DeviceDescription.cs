using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>What a router says about itself (UPnP Device Architecture 1.1 §2.3): which of its services map ports, and where they are asked.</summary>
internal static class DeviceDescription
{
    private const int MostServices = 4;

    /// <summary>The services of use, the best first.</summary>
    /// <param name="document">The description.</param>
    /// <param name="location">Where it was fetched.</param>
    /// <param name="gateway">The router, any port.</param>
    /// <returns>Empty when there are none, or when the document is not to be believed.</returns>
    public static IReadOnlyList<UpnpService> Read(ReadOnlySpan<byte> document, Uri location, UdpEndpoint gateway)
    {
        var services = new List<UpnpService>();
        var (type, control) = ("", "");
        var root = location;
        var whole = RouterXml.TryRead(
            document,
            (name, text) =>
            {
                if (name == "serviceType") type = text;
                else if (name == "controlURL") control = text;
                else if (name == "URLBase" && RouterUrl.TryRead(text, gateway, null, out var stated)) root = stated;
            },
            closed =>
            {
                if (closed != "service") return;
                if (UpnpService.TryRank(type, out var known, out var rank) && RouterUrl.TryRead(control, gateway, root, out var url))
                    services.Add(new UpnpService(known, rank, url));
                (type, control) = ("", "");
            });
        return whole ? [.. services.OrderBy(service => service.Rank).Take(MostServices)] : [];
    }
}
