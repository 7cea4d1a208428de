using System.Diagnostics;
using System.Net;
using System.Text;
using P2PCopy.EndToEnd.Processes;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.EndToEnd.NatTraversal;

/// <summary>What a router, or whoever poses as one, can do to a program that asks it for a port by UPnP: with real sockets and a real HTTP client.</summary>
public sealed class RouterHardeningTests : IDisposable
{
    private const ushort Port = 4300;

    // A description is asked for once, and five times more when it was not answered in a way that may be read (MAP-14).
    private const int MostRequests = 6;

    private readonly LoopbackRouter _router = new();
    private readonly LoopbackRouter _other = new();

    public RouterHardeningTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has all of 127.0.0.0/8");

    public void Dispose()
    {
        _router.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task A_well_behaved_one_maps_the_port_and_is_told_to_forget_it()
    {
        var report = await AskAsync(PortMappingOutcome.Mapped);
        Assert.Equal("25.7.1.2:4300", report.External.ToString());
        Assert.Equal(["GET /root.xml HTTP/1.1", "AddPortMapping", "GetExternalIPAddress", "DeletePortMapping"], _router.Requests);
    }

    [Fact]
    public async Task A_description_on_another_host_is_not_fetched()
    {
        _router.Location = _other.Location;
        await AskAsync(PortMappingOutcome.NoService);
        Assert.Empty(_other.Requests);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _router.Misbehaviour = async (stream, stop) => await stream.WriteAsync(LoopbackRouter.Response(302, "", $"Location: {_other.Location}\r\n"), stop);
        await AskAsync(PortMappingOutcome.Refused);
        Assert.Empty(_other.Requests);
        Assert.Single(_router.Requests);
    }

    [Fact]
    public async Task A_proxy_is_not_used_for_what_is_in_the_house()
    {
        var former = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new WebProxy(_other.Root);
        try
        {
            await AskAsync(PortMappingOutcome.Mapped);
            Assert.Empty(_other.Requests);
        }
        finally
        {
            HttpClient.DefaultProxy = former;
        }
    }

    [Fact]
    public async Task Requests_go_to_no_other_host_whatever_the_description_says()
    {
        _router.Description = LoopbackRouter.Describe($"{_other.Root}/ctl");
        await AskAsync(PortMappingOutcome.Refused);
        Assert.Empty(_other.Requests);
        Assert.Single(_router.Requests);
    }

    [Fact]
    public async Task Entities_that_would_grow_are_not_read()
    {
        var bomb = new StringBuilder("<!DOCTYPE root [<!ENTITY a0 \"xxxxxxxxxx\">");
        for (var i = 1; i < 30; i++) bomb.Append($"<!ENTITY a{i} \"&a{i - 1};&a{i - 1};&a{i - 1};&a{i - 1};\">");
        _router.Description = _router.Description.Replace("<?xml version=\"1.0\"?>", $"{bomb}]>", StringComparison.Ordinal).Replace("router", "&a29;", StringComparison.Ordinal);
        await AskAsync(PortMappingOutcome.Refused);
        Assert.Single(_router.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_of_a_megabyte_is_not_read(bool saysSo)
    {
        var readWhole = 0;
        _router.Misbehaviour = async (stream, stop) =>
        {
            var head = saysSo ? "HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n" : "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head + _router.Description), stop);
            stream.Socket.SendBufferSize = 4096;
            var block = new byte[4096];
            block.AsSpan().Fill((byte)' ');
            for (var i = 0; i < 256; i++) await stream.WriteAsync(block, stop);
            Interlocked.Increment(ref readWhole);
        };
        await AskAsync(PortMappingOutcome.NoService);
        Assert.All(_router.Requests, request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
        Assert.InRange(_router.Requests.Count, 1, MostRequests);
        Assert.Equal(0, Volatile.Read(ref readWhole));
    }

    [Fact]
    public async Task Headers_without_end_are_not_read()
    {
        _router.Misbehaviour = async (stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stop);
            var header = Encoding.ASCII.GetBytes($"X-More: {new string('x', 1000)}\r\n");
            while (true) await stream.WriteAsync(header, stop);
        };
        await AskAsync(PortMappingOutcome.NoService);
    }

    [Fact]
    public async Task A_body_that_drips_is_left_after_a_second()
    {
        var hungUp = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Stopwatch.GetTimestamp();
        _router.Misbehaviour = async (stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), stop);
            try
            {
                using var drip = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
                while (await drip.WaitForNextTickAsync(stop)) await stream.WriteAsync(" "u8.ToArray(), stop);
            }
            catch (IOException)
            {
                hungUp.SetResult(Stopwatch.GetElapsedTime(start));
            }
        };
        var talk = Start(out var first);
        await using (talk)
        {
            Assert.NotEqual(PortMappingOutcome.Mapped, (await first).Outcome);
            Assert.InRange((await hungUp.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).TotalSeconds, 0.9, 20);
        }
    }

    [Fact]
    public async Task No_word_of_the_router_reaches_the_screen()
    {
        _router.Description = LoopbackRouter.Describe("/ctl", "\u202e<![CDATA[\r\nError: ]]>&#x85;&#x9b;31m");
        var report = await AskAsync(PortMappingOutcome.Mapped);
        var text = new NetworkReport { ServersAsked = 1, MappedEndpoint = report.External, PortMapping = report }.Detail;
        Assert.Equal("mapping not tested, filter not tested, port 4300 forwarded by UPnP", text);
    }

    [Theory]
    [InlineData(725)]
    [InlineData(402)]
    public async Task A_mapping_for_ever_is_not_made(int error)
    {
        _router.Error = error;
        await AskAsync(PortMappingOutcome.Refused);
        Assert.DoesNotContain("GetExternalIPAddress", _router.Requests);
    }

    private GatewayTalk Start(out Task<PortMappingReport> first)
    {
        var told = new TaskCompletionSource<PortMappingReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        first = told.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return new GatewayTalk(_router.Place, Port, PortMappingProtocols.Upnp, report => told.TrySetResult(report));
    }

    // Waits for the outcome, and ends the talk.
    private async Task<PortMappingReport> AskAsync(PortMappingOutcome expected)
    {
        var latest = new PortMappingReport(PortMappingOutcome.Pending);
        await using var talk = new GatewayTalk(_router.Place, Port, PortMappingProtocols.Upnp, report => Volatile.Write(ref latest, report));
        await Eventually.IsTrueAsync(() => Volatile.Read(ref latest).Outcome == expected, $"{expected}", TimeSpan.FromSeconds(60));
        return Volatile.Read(ref latest);
    }
}
