using System.Text;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.PortMapping.Upnp;

namespace P2PCopy.Tests.PortMapping;

/// <summary>The talk by UPnP, and what of a router's text is believed.</summary>
public sealed class UpnpTests
{
    private static readonly Uri Location = new("http://10.1.0.1:5000/desc/root.xml");

    [Fact]
    public void Version_1_is_asked_for_the_very_port_and_version_2_for_any()
    {
        Assert.Equal(["UPnP description", "UPnP AddAnyPortMapping", "UPnP GetExternalIPAddress"], Talk(new RouterScene(PortMappingProtocols.Upnp)));
        var old = new RouterScene(PortMappingProtocols.Upnp);
        old.Router.IsVersion2 = false;
        Assert.Equal(["UPnP description", "UPnP AddPortMapping", "UPnP GetExternalIPAddress"], Talk(old));
    }

    [Fact]
    public void A_port_that_is_taken_is_replaced_by_random_ones_three_times()
    {
        var scene = new RouterScene(PortMappingProtocols.Upnp);
        scene.Router.IsVersion2 = false;
        foreach (var error in new[] { 718, 718, 718 }) scene.Router.UpnpErrors.Enqueue(error);
        scene.Start(TimeSpan.FromSeconds(2));
        Assert.Equal(PortMappingOutcome.Mapped, scene.Last!.Outcome);
        Assert.InRange(Assert.Single(scene.Router.Table).Key, 1024, 65535);
        Assert.NotEqual(4300, scene.Last.External!.Value.Port);
        scene.Close();
        Assert.Empty(scene.Router.Table);

        scene = new RouterScene(PortMappingProtocols.Upnp);
        scene.Router.IsVersion2 = false;
        foreach (var error in new[] { 718, 718, 718, 718 }) scene.Router.UpnpErrors.Enqueue(error);
        scene.Start(TimeSpan.FromSeconds(2));
        Assert.Equal(PortMappingOutcome.Refused, scene.Last!.Outcome);
    }

    [Theory]
    [InlineData(725)]
    [InlineData(402)]
    public void A_router_that_gives_ports_away_for_ever_only_is_asked_no_further(int error)
    {
        var scene = new RouterScene(PortMappingProtocols.Upnp);
        scene.Router.UpnpErrors.Enqueue(error);
        Assert.Equal(["UPnP description", "UPnP AddAnyPortMapping"], Talk(scene));
        Assert.Equal(PortMappingOutcome.Refused, scene.Last!.Outcome);
        Assert.Empty(scene.Router.Table);
    }

    [Fact]
    public void A_request_holds_numbers_and_addresses_only_and_asks_for_twenty_minutes()
    {
        var service = new UpnpService("urn:schemas-upnp-org:service:WANIPConnection:1", 1, new Uri("http://10.1.0.1:5000/ctl"));
        var request = UpnpRequest.Add(service, any: false, 4301, SimRouter.Inside);
        Assert.Equal("urn:schemas-upnp-org:service:WANIPConnection:1#AddPortMapping", request.Action);
        Assert.Contains("<NewExternalPort>4301</NewExternalPort><NewProtocol>UDP</NewProtocol><NewInternalPort>4300</NewInternalPort><NewInternalClient>10.1.0.2</NewInternalClient>", request.Body, StringComparison.Ordinal);
        Assert.Contains("<NewLeaseDuration>1200</NewLeaseDuration>", request.Body, StringComparison.Ordinal);
        Assert.Contains("<NewExternalPort>4301</NewExternalPort><NewProtocol>UDP</NewProtocol></u:DeletePortMapping>", UpnpRequest.Delete(service, 4301).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.1.0.1:5000/root.xml", true)]
    [InlineData("http://10.1.0.1/", true)]
    [InlineData("HTTP://10.1.0.1/a?b=c", true)]
    [InlineData("https://10.1.0.1/", false)]
    [InlineData("ftp://10.1.0.1/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("http://10.1.0.2/", false)]
    [InlineData("http://10.1.0.1.evil.example/", false)]
    [InlineData("http://router.lan/", false)]
    [InlineData("http://10.1.0.1@evil.example/", false)]
    [InlineData("http://user@10.1.0.1/", false)]
    [InlineData("http://0x0a.1.0.1/", false)]
    [InlineData("http://167837697/", false)]
    [InlineData("http://[::ffff:10.1.0.1]/", false)]
    [InlineData("http://10.1.0.1:0/", false)]
    [InlineData("http://10.1.0.1:99999/", false)]
    [InlineData("http://10.1.0.1/a b", false)]
    [InlineData("http://10.1.0.1/\n", false)]
    [InlineData("//10.1.0.1/", false)]
    [InlineData("/root.xml", false)]
    [InlineData("", false)]
    public void Only_a_plain_URL_of_the_router_itself_is_followed(string text, bool expected) =>
        Assert.Equal(expected, RouterUrl.TryRead(text, SimRouter.Address, null, out _));

    [Theory]
    [InlineData("/ctl/IPConn", "http://10.1.0.1:5000/ctl/IPConn")]
    [InlineData("ctl", "http://10.1.0.1:5000/desc/ctl")]
    [InlineData("http://10.1.0.1:49152/ctl", "http://10.1.0.1:49152/ctl")]
    [InlineData("http://10.1.0.9/ctl", null)]
    [InlineData("//10.1.0.9/ctl", null)]
    [InlineData("https://10.1.0.1/ctl", null)]
    public void A_control_address_may_be_relative_and_must_be_the_routers_too(string control, string? expected)
    {
        var document = SimRouter.Description("urn:schemas-upnp-org:service:WANIPConnection:1").Replace("/ctl/IPConn", control, StringComparison.Ordinal);
        Assert.Equal(expected, Read(document).SingleOrDefault()?.Control.AbsoluteUri);
    }

    [Fact]
    public void The_best_service_comes_first_and_others_are_not_used()
    {
        var both = SimRouter.Description("urn:schemas-upnp-org:service:WANPPPConnection:1").Replace(
            "</serviceList>",
            "<service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:2</serviceType><controlURL>/two</controlURL></service></serviceList>",
            StringComparison.Ordinal);
        Assert.Equal(["/two", "/ctl/IPConn"], Read(both).Select(service => service.Control.AbsolutePath));
        Assert.Empty(Read(SimRouter.Description("urn:schemas-upnp-org:service:Printer:1")));
    }

    [Theory]
    [InlineData("<!DOCTYPE root [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>", "entities that grow")]
    [InlineData("<!DOCTYPE root SYSTEM \"http://10.1.0.1/more.dtd\">", "a document type elsewhere")]
    [InlineData("<?xml version=\"1.0\" encoding=\"no-such-encoding\"?>", "an encoding that does not exist")]
    [InlineData("<unclosed>", "not well-formed")]
    public void A_description_that_is_more_than_a_description_is_not_read(string prefix, string why)
    {
        var document = SimRouter.Description("urn:schemas-upnp-org:service:WANIPConnection:1");
        Assert.Single(Read(document));
        document = document.Replace("<?xml version=\"1.0\"?>", prefix, StringComparison.Ordinal);
        Assert.True(Read(document).Count == 0, why);
    }

    [Fact]
    public void A_description_of_more_than_64_KiB_is_not_read()
    {
        var document = SimRouter.Description("urn:schemas-upnp-org:service:WANIPConnection:1");
        Assert.Single(Read(document.Replace("</root>", $"<!-- {new string('x', 30_000)} --></root>", StringComparison.Ordinal)));
        Assert.Empty(Read(document.Replace("</root>", $"<!-- {new string('x', 66_000)} --></root>", StringComparison.Ordinal)));
    }

    [Fact]
    public void Random_and_mutated_documents_never_throw()
    {
        var sound = Encoding.UTF8.GetBytes(SimRouter.Description("urn:schemas-upnp-org:service:WANIPConnection:1"));
        var random = new Random(7);
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = sound.ToArray();
            for (var i = random.Next(1, 8); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var part = bytes.AsSpan(0, random.Next(bytes.Length));
            foreach (var service in DeviceDescription.Read(run % 2 == 0 ? bytes : part, Location, SimRouter.Address)) Assert.Equal("10.1.0.1", service.Control.Host);
            SoapAnswer.TryRead(part, out _);
        }
    }

    [Theory]
    [InlineData("<NewExternalIPAddress>25.7.1.2</NewExternalIPAddress>", "25.7.1.2:0")]
    [InlineData("<NewExternalIPAddress> 25.7.1.2 </NewExternalIPAddress>", "25.7.1.2:0")]
    [InlineData("<NewExternalIPAddress>25.7.1</NewExternalIPAddress>", null)]
    [InlineData("<NewExternalIPAddress>router.example</NewExternalIPAddress>", null)]
    [InlineData("<NewExternalIPAddress></NewExternalIPAddress>", null)]
    [InlineData("<NewExternalIPAddress>2001:db8::1</NewExternalIPAddress>", null)]
    public void An_outer_address_is_four_numbers_or_nothing(string arguments, string? expected)
    {
        var body = $"<s:Envelope xmlns:s=\"x\"><s:Body><a>{arguments}</a></s:Body></s:Envelope>";
        Assert.True(SoapAnswer.TryRead(Encoding.UTF8.GetBytes(body), out var answer));
        Assert.Equal(expected, answer.Address?.ToString());
    }

    [Theory]
    [InlineData("http://10.1.0.99/root.xml")]
    [InlineData("http://evil.example/root.xml")]
    [InlineData("https://10.1.0.1/root.xml")]
    public void A_description_elsewhere_is_never_fetched(string location)
    {
        var scene = new RouterScene(PortMappingProtocols.Upnp);
        scene.Router.Location = location;
        scene.Start(TimeSpan.FromSeconds(5));
        Assert.Equal(PortMappingOutcome.NoService, scene.Last!.Outcome);
        Assert.False(scene.HasAsked("UPnP description"));
        Assert.True(scene.Mapper.Rejected > 0);
    }

    [Fact]
    public void A_router_that_answers_with_ever_new_descriptions_has_four_of_them_looked_at()
    {
        var scene = new RouterScene(PortMappingProtocols.Upnp) { IsCut = true };
        scene.Start();
        var answer = new byte[400];
        for (var i = 0; i < 100; i++)
        {
            var length = new SsdpAnswer { Location = Encoding.ASCII.GetBytes($"http://10.1.0.1/{i}") }.Write(answer);
            scene.Inject(answer.AsSpan(0, length), SimRouter.Address.WithPort(SsdpSearch.Port));
        }

        var fetched = 0;
        while (scene.Mapper.TryTakeRequest(out _) || fetched == 0)
        {
            fetched++;
            scene.Mapper.Answer(404, [], scene.Now);
        }

        Assert.InRange(fetched, 1, SsdpSearch.MostLocations);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void What_a_router_does_not_answer_in_time_is_asked_again_and_nothing_is_left_behind(int lost)
    {
        var scene = new RouterScene(PortMappingProtocols.Upnp) { Router = { LostAnswers = lost } };
        scene.Start(TimeSpan.FromSeconds(35));
        Assert.Equal(PortMappingOutcome.Mapped, scene.Last!.Outcome);
        Assert.Equal(4300, Assert.Single(scene.Router.Table).Key);
        scene.Close();
        Assert.Empty(scene.Router.Table);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_router_that_answers_no_more_is_asked_five_times_more(int answered)
    {
        var scene = new RouterScene(PortMappingProtocols.Upnp);
        scene.Start(TimeSpan.FromMilliseconds(2 + (4 * answered)));
        scene.Router.LostAnswers = int.MaxValue;
        scene.Pass(TimeSpan.FromMinutes(5));
        Assert.NotEqual(PortMappingOutcome.Mapped, scene.Last!.Outcome);
        var asked = scene.Router.Heard.Where(heard => heard.What.StartsWith("UPnP", StringComparison.Ordinal)).Skip(answered).ToArray();
        Assert.Equal(6, asked.Length);
        Assert.Single(asked.Select(heard => heard.What).Distinct());
        Assert.Equal([1.0, 2, 4, 8, 16], asked.Zip(asked.Skip(1), (one, next) => Math.Round((next.At - one.At).TotalSeconds, 1)));
        scene.Close();
        Assert.Empty(scene.Router.Table);
    }

    [Fact]
    public void A_search_in_the_own_network_tells_nothing_of_who_searches()
    {
        var buffer = new byte[400];
        var text = Encoding.ASCII.GetString(buffer, 0, SsdpSearch.WriteSearch(buffer, "upnp:rootdevice"));
        Assert.Equal("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n", text);
    }

    [Fact]
    public void Only_the_routers_own_answer_to_a_search_is_heard()
    {
        var scene = new RouterScene(PortMappingProtocols.Upnp) { IsCut = true };
        scene.Start();
        var answer = new byte[400];
        var length = new SsdpAnswer { Location = "http://10.1.0.1:5000/root.xml"u8 }.Write(answer);
        scene.Inject(answer.AsSpan(0, length), UdpEndpoint.FromIPv4(0x0a010003, SsdpSearch.Port));
        Assert.False(scene.HasBegunRequest);
        scene.Inject(answer.AsSpan(0, length), SimRouter.Address.WithPort(SsdpSearch.Port));
        Assert.True(scene.HasBegunRequest);
    }

    private static IReadOnlyList<UpnpService> Read(string document) => DeviceDescription.Read(Encoding.UTF8.GetBytes(document), Location, SimRouter.Address);

    private static string[] Talk(RouterScene scene)
    {
        scene.Start(TimeSpan.FromSeconds(3));
        return [.. scene.Router.Heard.Where(heard => heard.What.StartsWith("UPnP", StringComparison.Ordinal)).Select(heard => heard.What)];
    }
}
