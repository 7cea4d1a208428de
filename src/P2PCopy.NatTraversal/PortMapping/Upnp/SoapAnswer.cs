using System.Globalization;
using System.Net;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>What a router answered to a request: numbers and addresses, no text of it is kept.</summary>
/// <param name="ErrorCode">The UPnP error; 0 for none.</param>
/// <param name="Port">The port that was reserved, where the router chose one.</param>
/// <param name="Address">The router's outer address, where it was asked for; its port is 0.</param>
internal readonly record struct SoapAnswer(int ErrorCode, ushort Port, UdpEndpoint? Address)
{
    /// <summary>Reads the body of an answer.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out SoapAnswer answer)
    {
        var (code, port, isEnvelope) = (0, (ushort)0, false);
        UdpEndpoint? address = null;
        var whole = RouterXml.TryRead(
            body,
            (name, text) =>
            {
                if (name == "errorCode") code = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
                else if (name == "NewReservedPort") port = ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var reserved) ? reserved : (ushort)0;
                else if (name == "NewExternalIPAddress" && !text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out var ip) && ip.ToString() == text) address = UdpEndpoint.From(ip, 0);
            },
            closed => isEnvelope |= closed == "Envelope");
        answer = new SoapAnswer(code, port, address);
        return whole && isEnvelope;
    }
}
