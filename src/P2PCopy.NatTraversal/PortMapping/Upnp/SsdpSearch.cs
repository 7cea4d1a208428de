using System.Text;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>
/// Looks for the descriptions of a router (SSDP, M-SEARCH). Anybody in the network may answer; only the router itself is heard, and
/// only about itself.
/// </summary>
internal sealed class SsdpSearch
{
    /// <summary>The UDP port of SSDP.</summary>
    public const ushort Port = 1900;

    /// <summary>So many descriptions of one router are looked at.</summary>
    public const int MostLocations = 4;

    private const string DeviceV1 = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
    private const string DeviceV2 = "urn:schemas-upnp-org:device:InternetGatewayDevice:2";
    private const string Everything = "ssdp:all";

    /// <summary>239.255.255.250, which every UPnP device listens to.</summary>
    private static readonly UdpEndpoint Everybody = UdpEndpoint.FromIPv4(0xefff_fffa, Port);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly UdpEndpoint _gateway;
    private readonly Retries _retries = new();
    private readonly Queue<(UdpEndpoint To, string Target)> _due = new();
    private readonly Queue<Uri> _found = new();
    private readonly List<string> _seen = [];
    private bool _first = true;

    /// <summary>A search that has not begun.</summary>
    /// <param name="gateway">The router, any port.</param>
    public SsdpSearch(UdpEndpoint gateway) => _gateway = gateway;

    /// <summary>Answers that were not the router's, or led elsewhere.</summary>
    public long Rejected { get; private set; }

    /// <summary>Whether an answer may still come.</summary>
    public bool IsSearching => _retries.Next != Instant.Never;

    /// <summary>Whether the router answered.</summary>
    public bool HasFound => _seen.Count > 0;

    /// <summary>When to call <see cref="HandleTimeout"/> again.</summary>
    public Instant NextTimeout => _due.Count > 0 ? Instant.Zero : _retries.Next;

    /// <summary>Begins; the datagrams leave at 0, 250 and 500 ms.</summary>
    public void Start(Instant now) => _retries.Begin(Retries.Searching, Limit, now);

    /// <summary>Nothing is looked for any more.</summary>
    public void Stop()
    {
        _retries.Stop();
        _due.Clear();
    }

    /// <summary>The next description that was found.</summary>
    public bool TryTakeLocation(out Uri location) => _found.TryDequeue(out location!);

    /// <summary>A datagram came that is none of the other protocols'.</summary>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote)
    {
        // PROTOCOL MAP-12.
        if (!remote.SameAddress(_gateway) || !SsdpAnswer.TryRead(datagram, out var answer) || !TryReadUrl(answer.Location, out var location))
        {
            Rejected++;
            return;
        }

        // A router answers once for each of its services, always with the same description.
        if (_seen.Count == MostLocations || _seen.Contains(location.AbsoluteUri)) return;
        _seen.Add(location.AbsoluteUri);
        _found.Enqueue(location);
    }

    /// <summary>Time passed.</summary>
    public void HandleTimeout(Instant now) => _retries.Expired(now);

    /// <summary>Writes the next datagram that is due.</summary>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (_due.Count == 0 && _retries.TrySend(now)) Plan();
        if (!_due.TryDequeue(out var next)) return false;
        transmit = new Transmit(WriteSearch(buffer, next.Target), next.To);
        return true;
    }

    /// <summary>The text of a search, as bytes.</summary>
    public static int WriteSearch(Span<byte> destination, string target) => Encoding.ASCII.GetBytes(
        $"M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: {target}\r\n\r\n", destination);

    private void Plan()
    {
        if (HasFound) return;
        foreach (var target in (ReadOnlySpan<string>)[DeviceV1, DeviceV2])
        {
            _due.Enqueue((Everybody, target));
            _due.Enqueue((_gateway.WithPort(Port), target));
        }

        // Some answer nothing else; the whole house answers this, so it is asked once.
        if (!_first) return;
        _first = false;
        _due.Enqueue((_gateway.WithPort(Port), Everything));
    }

    private bool TryReadUrl(ReadOnlySpan<byte> text, out Uri location) => RouterUrl.TryRead(Encoding.UTF8.GetString(text), _gateway, null, out location);
}
