using System.CommandLine;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.Cli.Commands;

/// <summary><c>p2pcopy nat</c>: what this network does to its user.</summary>
internal sealed class NatCommand
{
    private readonly ConnectionOptions _connection = new();
    private readonly Option<bool> _addresses = new("--addresses") { Description = "Show your addresses too, which the report otherwise keeps back." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the report as one JSON object, for programs." };

    /// <summary>Builds the command.</summary>
    public Command Create(Surroundings surroundings)
    {
        var command = new Command("nat", "Tell what this network does to you, and what to do about it.");
        foreach (var option in (Option[])[_connection.LocalPort, _connection.Stun, _connection.PortMap, _addresses, _json]) command.Add(option);
        command.SetAction((parsed, cancellation) => RunAsync(
            new CommandContext(surroundings, _connection, parsed), parsed.GetValue(_addresses), parsed.GetValue(_json), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, bool withAddresses, bool asJson, CancellationToken cancellation)
    {
        await NetworkWait.ForAddressAsync(context.Screen, cancellation).ConfigureAwait(false);
        using var driver = new UdpDriver(LocalSocket.Bind(context.Connection.LocalPort ?? 0));
        using var probe = NetworkProbe.Start(driver, new NetworkProbeOptions { Servers = context.Connection.Stun });
        var mapped = MappedPort.Start(driver.LocalEndpoint.Port, context.Connection.PortMapping);
        NetworkReport report;
        await using (mapped.ConfigureAwait(false))
        {
            report = await probe.Report.WaitAsync(cancellation).ConfigureAwait(false);
            var mapping = await mapped.First.WaitAsync(cancellation).ConfigureAwait(false);
            report = report with { PortMapping = await ForwardingTest.OfAsync(mapping, probe).WaitAsync(cancellation).ConfigureAwait(false) };
        }

        var lines = asJson ? [NetworkReportJson.Of(report, withAddresses)] : NetworkReportText.Lines(report, withAddresses);
        foreach (var line in lines) context.Screen.Result(line);
        return (int)(report.Firewall is FirewallType.UdpBlocked ? ExitCode.NotConnected : ExitCode.Done);
    }
}
