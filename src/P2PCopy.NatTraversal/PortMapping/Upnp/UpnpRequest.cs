using System.Globalization;

namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>One HTTP request to a router: a GET of its description, or a POST of an action.</summary>
/// <param name="Target">Where to.</param>
/// <param name="Action">The value of SOAPACTION, without quotes; <see langword="null"/> for a GET.</param>
/// <param name="Body">What is posted; <see langword="null"/> for a GET.</param>
internal sealed record UpnpRequest(Uri Target, string? Action, string? Body)
{
    private const string Description = "p2pcopy";

    /// <summary>Fetches a description.</summary>
    public static UpnpRequest Get(Uri location) => new(location, null, null);

    /// <summary>Asks for a port: AddAnyPortMapping where the router may choose another, else AddPortMapping (WANIPConnection:2 §2.5).</summary>
    /// <param name="service">Whom to ask.</param>
    /// <param name="any">Whether the router may choose another port.</param>
    /// <param name="external">The port on the router; never 0, which means all of them.</param>
    /// <param name="inside">The address and port on this computer.</param>
    public static UpnpRequest Add(UpnpService service, bool any, ushort external, Datagrams.UdpEndpoint inside) => Act(
        service,
        any ? "AddAnyPortMapping" : "AddPortMapping",
        Invariant($"<NewRemoteHost></NewRemoteHost><NewExternalPort>{external}</NewExternalPort><NewProtocol>UDP</NewProtocol>")
        + Invariant($"<NewInternalPort>{inside.Port}</NewInternalPort><NewInternalClient>{inside.Address}</NewInternalClient><NewEnabled>1</NewEnabled>")
        + Invariant($"<NewPortMappingDescription>{Description}</NewPortMappingDescription><NewLeaseDuration>{(int)MappingGrant.Asked.TotalSeconds}</NewLeaseDuration>"));

    /// <summary>Asks for the router's outer address.</summary>
    public static UpnpRequest GetExternalAddress(UpnpService service) => Act(service, "GetExternalIPAddress", "");

    /// <summary>Takes a port back.</summary>
    public static UpnpRequest Delete(UpnpService service, ushort external) => Act(
        service,
        "DeletePortMapping",
        Invariant($"<NewRemoteHost></NewRemoteHost><NewExternalPort>{external}</NewExternalPort><NewProtocol>UDP</NewProtocol>"));

    private static UpnpRequest Act(UpnpService service, string action, string arguments) => new(
        service.Control,
        $"{service.Type}#{action}",
        "<?xml version=\"1.0\"?>\r\n"
        + "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">"
        + $"<s:Body><u:{action} xmlns:u=\"{service.Type}\">{arguments}</u:{action}></s:Body></s:Envelope>\r\n");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
