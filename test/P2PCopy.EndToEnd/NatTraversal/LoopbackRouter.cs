using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.IO;

namespace P2PCopy.EndToEnd.NatTraversal;

/// <summary>
/// A UPnP router on an address of loopback, with real sockets: it answers searches and small HTTP requests, and misbehaves as the test
/// wants. It maps nothing.
/// </summary>
internal sealed class LoopbackRouter : IDisposable
{
    private const int SsdpPort = 1900;

    private static int s_count;

    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _ssdp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TcpListener _http;
    private readonly IPAddress _address;

    public LoopbackRouter()
    {
        // Searches go to a fixed port, so every router has an address of its own.
        _address = new IPAddress([127, 77, 0, (byte)Interlocked.Increment(ref s_count)]);
        _ssdp.Bind(new IPEndPoint(_address, SsdpPort));
        _http = new TcpListener(_address, 0);
        _http.Start();
        Location = $"{Root}/root.xml";
        Description = Describe("/ctl");
        _ = Task.Run(AnswerSearchesAsync);
        _ = Task.Run(ServeAsync);
    }

    /// <summary>The beginning of its URLs.</summary>
    public string Root => $"http://{_http.LocalEndpoint}";

    /// <summary>Where it says that its description is.</summary>
    public string Location { get; set; }

    /// <summary>What it says about itself.</summary>
    public string Description { get; set; }

    /// <summary>Replaces the answer to the request for the description; gets the connection.</summary>
    public Func<NetworkStream, CancellationToken, Task>? Misbehaviour { get; set; }

    /// <summary>The error of requests for a port; 0 for none.</summary>
    public int Error { get; set; }

    /// <summary>The first lines, and actions, of the requests so far.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The place as a program would find it.</summary>
    public DefaultGateway Place => new(UdpEndpoint.From(_address, 0), UdpEndpoint.From(IPAddress.Loopback, 0));

    public static string Describe(string control, string name = "router") => $"""
        <?xml version="1.0"?>
        <root xmlns="urn:schemas-upnp-org:device-1-0"><device><friendlyName>{name}</friendlyName><serviceList><service>
        <serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><controlURL>{control}</controlURL>
        </service></serviceList></device></root>
        """;

    public static byte[] Response(int status, string body, string headers = "") => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"HTTP/1.1 {status} X\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}Connection: close\r\n\r\n{body}"));

    public void Dispose()
    {
        _stop.Cancel();
        _ssdp.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task AnswerSearchesAsync()
    {
        var buffer = new byte[1500];
        try
        {
            while (true)
            {
                var search = await _ssdp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                var answer = $"HTTP/1.1 200 OK\r\nST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nLOCATION: {Location}\r\n\r\n";
                await _ssdp.SendToAsync(Encoding.UTF8.GetBytes(answer), search.RemoteEndPoint, _stop.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _http.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadAsync(stream);
                var action = request.Split('\n').FirstOrDefault(line => line.StartsWith("SOAPAction", StringComparison.OrdinalIgnoreCase))?.Split('#', '"')[2];
                Requests.Enqueue(action ?? request.Split('\r')[0]);
                if (action is not null) await stream.WriteAsync(Act(action), _stop.Token);
                else if (Misbehaviour is { } misbehave) await misbehave(stream, _stop.Token);
                else await stream.WriteAsync(Response(200, Description), _stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or IOException)
            {
                // The program hung up, as it should where a test misbehaves.
            }
        }
    }

    private byte[] Act(string action)
    {
        if (action == "AddPortMapping" && Error != 0)
            return Response(500, Envelope($"<s:Fault><detail><UPnPError><errorCode>{Error}</errorCode></UPnPError></detail></s:Fault>"));
        return Response(200, Envelope(action == "GetExternalIPAddress" ? "<NewExternalIPAddress>25.7.1.2</NewExternalIPAddress>" : "<x/>"));
    }

    private static string Envelope(string body) => $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{body}</s:Body></s:Envelope>";

    private async Task<string> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[16_384];
        var length = 0;
        while (true)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(length), _stop.Token);
            length += count;
            var text = Encoding.UTF8.GetString(buffer, 0, length);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (count == 0 || (end >= 0 && length >= end + 4 + BodyLength(text[..end]))) return text;
        }
    }

    private static int BodyLength(string head) => head.Split("\r\n")
        .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
