using System.Globalization;
using System.Text;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.PortMapping.Upnp;
using P2PCopy.NatTraversal.PortMapping.Wire;

namespace P2PCopy.Tests.PortMapping;

/// <summary>A router that maps ports in virtual time, and can be as unhelpful as real ones are.</summary>
internal sealed class SimRouter
{
    private const string Version1 = "urn:schemas-upnp-org:service:WANIPConnection:1";
    private const string Version2 = "urn:schemas-upnp-org:service:WANIPConnection:2";

    public static readonly UdpEndpoint Address = UdpEndpoint.FromIPv4(0x0a010001, 0);
    public static readonly UdpEndpoint Inside = UdpEndpoint.FromIPv4(0x0a010002, 4300);

    /// <summary>The mappings: outer port, and until when.</summary>
    public Dictionary<ushort, Instant> Table { get; } = [];

    /// <summary>What was asked, in order.</summary>
    public List<(Instant At, string What)> Heard { get; } = [];

    public PortMappingProtocols Speaks { get; set; } = PortMappingProtocols.All;

    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(2);

    public UdpEndpoint Outside { get; set; } = UdpEndpoint.FromIPv4(0x19070102, 0);

    public PcpResult PcpSays { get; set; }

    public ushort NatPmpSays { get; set; }

    /// <summary>UPnP errors to be given to the next requests for a port.</summary>
    public Queue<int> UpnpErrors { get; } = new();

    public bool IsVersion2 { get; set; } = true;

    /// <summary>So many answers by HTTP do not arrive, although what was asked is done.</summary>
    public int LostAnswers { get; set; }

    /// <summary>Where the description is said to be.</summary>
    public string Location { get; set; } = "http://10.1.0.1:5000/root.xml";

    public uint LongestLifetime { get; set; } = 86_400;

    /// <summary>When it was switched on.</summary>
    public Instant Start { get; set; } = Instant.Zero;

    /// <summary>The nonces that were seen.</summary>
    public HashSet<string> Nonces { get; } = [];

    public void Reboot(Instant now)
    {
        Start = now;
        Table.Clear();
    }

    /// <summary>Takes a datagram; gives the answer, and from which port.</summary>
    public (ushort From, byte[] Answer)? Handle(ReadOnlySpan<byte> datagram, UdpEndpoint to, Instant now)
    {
        if (to.Port == SsdpSearch.Port) return Search(datagram, now);
        var answer = new byte[PcpRequest.Length];
        if (PcpRequest.TryRead(datagram, out var pcp))
        {
            Heard.Add((now, pcp.Lifetime == 0 ? "PCP delete" : "PCP"));
            if (Speaks.HasFlag(PortMappingProtocols.Pcp)) return (PcpRequest.ServerPort, answer[..Answer(pcp, now).Write(answer)]);
            if (!Speaks.HasFlag(PortMappingProtocols.NatPmp)) return null;
            return (PcpRequest.ServerPort, answer[..new NatPmpAnswer { Result = 1, Epoch = Epoch(now) }.Write(answer)][..8]);
        }

        if (!NatPmpRequest.TryRead(datagram, out var pmp)) throw new InvalidOperationException("neither PCP nor NAT-PMP");
        Heard.Add((now, pmp.IsMap ? pmp.Lifetime == 0 ? "NAT-PMP delete" : "NAT-PMP" : "NAT-PMP address"));
        return Speaks.HasFlag(PortMappingProtocols.NatPmp) ? (PcpRequest.ServerPort, answer[..Answer(pmp, now).Write(answer)]) : null;
    }

    /// <summary>Answers an HTTP request; status 0 when nobody listens.</summary>
    public (int Status, byte[] Body) Handle(UpnpRequest request, Instant now)
    {
        var answer = Do(request, now);
        return LostAnswers-- > 0 ? (0, []) : answer;
    }

    private (int Status, byte[] Body) Do(UpnpRequest request, Instant now)
    {
        var action = request.Action?.Split('#')[1] ?? "description";
        Heard.Add((now, $"UPnP {action}"));
        if (!Speaks.HasFlag(PortMappingProtocols.Upnp)) return (0, []);
        if (request.Action is null) return (200, Encoding.UTF8.GetBytes(Description(IsVersion2 ? Version2 : Version1)));
        var port = Between(request.Body!, "<NewExternalPort>") is { Length: > 0 } text ? ushort.Parse(text, CultureInfo.InvariantCulture) : (ushort)0;
        if (action is "AddAnyPortMapping" or "AddPortMapping")
        {
            if (UpnpErrors.TryDequeue(out var error)) return Fault(error);
            Table[port] = now + MappingGrant.Asked;
            return Envelope(action == "AddAnyPortMapping" ? $"<NewReservedPort>{port}</NewReservedPort>" : "");
        }

        if (action == "DeletePortMapping") return Table.Remove(port) ? Envelope("") : Fault(714);
        return Envelope($"<NewExternalIPAddress>{Outside.Address}</NewExternalIPAddress>");
    }

    public static string Description(string type) => $"""
        <?xml version="1.0"?>
        <root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceList><device><serviceList>
        <service><serviceType>urn:schemas-upnp-org:service:Layer3Forwarding:1</serviceType><controlURL>/ctl/L3F</controlURL></service>
        <service><serviceType>{type}</serviceType><controlURL>/ctl/IPConn</controlURL></service>
        </serviceList></device></deviceList></device></root>
        """;

    private static (int, byte[]) Envelope(string arguments) =>
        (200, Encoding.UTF8.GetBytes($"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><u:Answer xmlns:u=\"x\">{arguments}</u:Answer></s:Body></s:Envelope>"));

    private static (int, byte[]) Fault(int code) =>
        (500, Encoding.UTF8.GetBytes($"<s:Envelope xmlns:s=\"x\"><s:Body><s:Fault><detail><UPnPError><errorCode>{code}</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>"));

    private static string Between(string body, string tag) =>
        body.IndexOf(tag, StringComparison.Ordinal) is >= 0 and var at ? body[(at + tag.Length)..body.IndexOf('<', at + 1)] : "";

    private uint Epoch(Instant now) => (uint)(now - Start).TotalSeconds;

    private (ushort, byte[])? Search(ReadOnlySpan<byte> datagram, Instant now)
    {
        Heard.Add((now, "search"));
        Assert.StartsWith("M-SEARCH * HTTP/1.1\r\n", Encoding.ASCII.GetString(datagram), StringComparison.Ordinal);
        if (!Speaks.HasFlag(PortMappingProtocols.Upnp)) return null;
        var answer = new byte[400];
        return (SsdpSearch.Port, answer[..new SsdpAnswer { Location = Encoding.ASCII.GetBytes(Location) }.Write(answer)]);
    }

    private PcpAnswer Answer(in PcpRequest request, Instant now)
    {
        Nonces.Add(Convert.ToHexString(request.Nonce));
        var lifetime = Math.Min(request.Lifetime, LongestLifetime);
        if (PcpSays == PcpResult.Success) Remember(request.Suggested.Port > 0 ? request.Suggested.Port : request.Inside.Port, lifetime, now);
        return new PcpAnswer
        {
            Result = PcpSays,
            Lifetime = lifetime,
            Epoch = Epoch(now),
            Nonce = request.Nonce.ToArray(),
            Protocol = PcpRequest.Udp,
            InsidePort = request.Inside.Port,
            External = PcpSays is PcpResult.Success or PcpResult.NoResources ? Outside.WithPort(request.Suggested.Port) : request.Suggested,
        };
    }

    private NatPmpAnswer Answer(in NatPmpRequest request, Instant now)
    {
        if (!request.IsMap) return new NatPmpAnswer { Result = NatPmpSays, Epoch = Epoch(now), Address = Outside.IPv4Bits };
        var port = request.SuggestedPort > 0 ? request.SuggestedPort : request.InsidePort;
        var lifetime = Math.Min(request.Lifetime, LongestLifetime);
        if (NatPmpSays == 0) Remember(port, lifetime, now);
        return new NatPmpAnswer
        {
            IsMap = true,
            Result = NatPmpSays,
            Epoch = Epoch(now),
            InsidePort = request.InsidePort,
            ExternalPort = request.Lifetime == 0 ? (ushort)0 : port,
            Lifetime = lifetime,
        };
    }

    private void Remember(ushort port, uint lifetime, Instant now)
    {
        if (lifetime == 0) Table.Remove(port);
        else Table[port] = now + TimeSpan.FromSeconds(lifetime);
    }
}
