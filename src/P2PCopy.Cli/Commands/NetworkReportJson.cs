using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using P2PCopy.NatTraversal.PortMapping;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.Cli.Commands;

/// <summary>A network report for programs: one JSON object, whose members docs/cli.md names. What could not be found out is null.</summary>
internal static class NetworkReportJson
{
    private const int Version = 1;

    // The text goes to terminals and files, not into web pages, so it may stay readable.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object, without a line break behind it.</summary>
    /// <param name="report">What was found out.</param>
    /// <param name="withAddresses">Whether addresses are told too.</param>
    public static string Of(NetworkReport report, bool withAddresses)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options)) Write(json, report, withAddresses);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, NetworkReport report, bool withAddresses)
    {
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("firewall", report.Firewall.ToString());
        json.WriteString("mapping", Name(report.Mapping));
        json.WriteString("filtering", Name(report.Filtering));
        Write(json, "earlyPacketsSpoilMapping", report.EarlyPackets == EarlyPacketEffect.Unknown ? null : report.EarlyPackets == EarlyPacketEffect.SpoilsMapping);
        Write(json, "portKept", report.PortKept);
        if (report.PortStep is { } step) json.WriteNumber("portStep", step);
        else json.WriteNull("portStep");
        Write(json, "ipv6", report.IPv6Works);
        json.WriteString("ipv6Filtering", Name(report.IPv6Filtering));
        json.WriteBoolean("secondNatLikely", report.SecondNatHint || report.PortMapping?.Outcome == PortMappingOutcome.SecondNat);
        WriteForwarding(json, report);
        WriteServers(json, report);
        if (withAddresses) WriteAddresses(json, report);
        json.WriteString("detail", report.Detail);
        json.WriteString("advice", report.Advice);
        json.WriteEndObject();
    }

    private static void WriteForwarding(Utf8JsonWriter json, NetworkReport report)
    {
        json.WriteStartObject("portMapping");
        json.WriteString("outcome", report.PortMapping?.Outcome switch
        {
            null or PortMappingOutcome.NotAsked => "not-asked",
            PortMappingOutcome.Pending => "pending",
            PortMappingOutcome.Refused => "refused",
            PortMappingOutcome.SecondNat => "second-nat",
            PortMappingOutcome.Mapped => "mapped",
            _ => "no-service",
        });
        json.WriteString("protocol", report.PortMapping?.Protocol switch
        {
            PortMappingProtocols.Pcp => "pcp",
            PortMappingProtocols.NatPmp => "nat-pmp",
            PortMappingProtocols.Upnp => "upnp",
            _ => null,
        });
        json.WriteBoolean("reachable", report.ForwardedEndpoint is not null && report.PortMapping?.LetsIn != false);
        Write(json, "testedFromOutside", report.PortMapping?.LetsIn);
        json.WriteEndObject();
    }

    private static void WriteServers(Utf8JsonWriter json, NetworkReport report)
    {
        json.WriteStartObject("stunServers");
        json.WriteNumber("asked", report.ServersAsked);
        json.WriteNumber("withoutAddress", report.ServersWithoutAddress);
        json.WriteNumber("answered", report.ServersAnswered);
        json.WriteNumber("disagreeing", report.ServersDisagreeing);
        json.WriteEndObject();
    }

    private static void WriteAddresses(Utf8JsonWriter json, NetworkReport report)
    {
        json.WriteStartObject("addresses");
        json.WriteString("local", report.LocalEndpoint?.ToString());
        json.WriteString("mapped", report.MappedEndpoint?.ToString());
        json.WriteString("ipv6", report.IPv6Endpoint?.ToString());
        json.WriteString("forwarded", report.ForwardedEndpoint?.ToString());
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known) json.WriteBoolean(name, known);
        else json.WriteNull(name);
    }

    private static string? Name(MappingBehavior mapping) => mapping switch
    {
        MappingBehavior.None => "none",
        MappingBehavior.EndpointIndependent => "endpoint-independent",
        MappingBehavior.AddressDependent => "address-dependent",
        MappingBehavior.AddressAndPortDependent => "address-and-port-dependent",
        _ => null,
    };

    private static string? Name(FilteringBehavior filtering) => filtering switch
    {
        FilteringBehavior.EndpointIndependent => "endpoint-independent",
        FilteringBehavior.AddressDependent => "address-dependent",
        FilteringBehavior.AddressAndPortDependent => "address-and-port-dependent",
        _ => null,
    };
}
