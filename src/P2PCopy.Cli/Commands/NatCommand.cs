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

    /// <summary>Builds the command.</summary>
    public Command Create(Surroundings surroundings)
    {
        var command = new Command("nat", "Tell what this network does to you, and what to do about it.");
        foreach (var option in (Option[])[_connection.LocalPort, _connection.Stun, _connection.PortMap]) command.Add(option);
        command.SetAction((parsed, cancellation) => RunAsync(new CommandContext(surroundings, _connection, parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        using var driver = new UdpDriver(LocalSocket.Bind(context.Connection.LocalPort ?? 0));
        using var probe = NetworkProbe.Start(driver, new NetworkProbeOptions { Servers = context.Connection.Stun });
        var mapped = MappedPort.Start(driver.LocalEndpoint.Port, context.Connection.PortMapping);
        NetworkReport report;
        await using (mapped.ConfigureAwait(false))
        {
            report = await probe.Report.WaitAsync(cancellation).ConfigureAwait(false);
            report = report with { PortMapping = await mapped.First.WaitAsync(cancellation).ConfigureAwait(false) };
        }

        foreach (var line in NetworkReportText.Lines(report)) context.Screen.Result(line);
        return (int)(report.Firewall is FirewallType.UdpBlocked ? ExitCode.NotConnected : ExitCode.Done);
    }
}
