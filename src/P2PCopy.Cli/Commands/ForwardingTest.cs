using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.PortMapping;

namespace P2PCopy.Cli.Commands;

/// <summary>What a router says that it forwards is believed more when something came in by it.</summary>
internal static class ForwardingTest
{
    /// <summary>The report, with what the test brought where there is something to test. Never fails.</summary>
    /// <param name="mapping">What the router says.</param>
    /// <param name="probe">Of the socket that the port leads to; its report is there.</param>
    public static async Task<PortMappingReport> OfAsync(PortMappingReport mapping, NetworkProbe probe) => mapping.External is { } outside
        ? mapping with { LetsIn = await probe.TestForwardingAsync(outside.Port).ConfigureAwait(false) }
        : mapping;
}
