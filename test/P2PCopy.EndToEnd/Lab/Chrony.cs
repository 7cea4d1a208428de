using System.Net;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>A time server of the internet: chrony, telling this machine's time and touching no clock.</summary>
internal static class Chrony
{
    public const int Port = 123;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static RealProcess Start(LabNamespace machine, string address)
    {
        var folder = machine.Lab.AddFolder($"chrony-{address}");
        var configuration = Path.Combine(folder, "conf");
        File.WriteAllText(configuration, $"""
            local stratum 3
            allow all
            bindaddress {address}
            cmdport 0
            pidfile {folder}/pid
            """);
        var process = machine.Start("chronyd", "-d", "-x", "-u", "root", "-f", configuration);
        var request = new byte[48];
        request[0] = 0x23; // version 4, mode 3: a client (RFC 5905 §7.3)
        RequestUntilAnswered.Run(
            machine.OpenUdp(), new IPEndPoint(IPAddress.Parse(address), Port), request, IsTimeOfServer, process, Limit);
        return process;
    }

    // Mode 4, a stratum that clients accept: before that it answers "not synchronised".
    private static bool IsTimeOfServer(ReadOnlySpan<byte> answer) => answer.Length >= 48 && (answer[0] & 7) == 4 && answer[1] is > 0 and < 16;
}
