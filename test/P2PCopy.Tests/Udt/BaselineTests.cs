using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Transfers;
using P2PCopy.Tests.House;
using P2PCopy.Udt;

namespace P2PCopy.Tests.Udt;

/// <summary>
/// What a fixed transfer takes over each named link, exactly: a change of congestion control or of recovery shows as a difference of a
/// checked-in table. <c>./dev accept</c> rewrites it.
/// </summary>
public sealed class BaselineTests
{
    private const string File = "test/P2PCopy.Tests/Udt/baseline.txt";
    private const int Bytes = 4 << 20;
    private static readonly ulong[] Seeds = [1, 2, 3];

    [Fact]
    public void Transfers_take_what_the_baseline_says()
    {
        var actual = Table();
        if (Repository.Accepting) System.IO.File.WriteAllText(Repository.PathOf(File), actual);

        // Rate control uses powers and logarithms, whose last bit differs between the mathematical libraries of systems.
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) return;
        Assert.Equal(Repository.Read(File), actual);
    }

    private static string Table()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {Bytes >> 20} MiB from one peer to the other. Rewritten by ./dev accept.");
        text.AppendLine("# link           seed   virtual s  Mbit/s  packets   resent  duplicate");
        foreach (var link in LinkProfile.All)
            foreach (var seed in Seeds) text.AppendLine(Line(link, seed));
        return text.Replace("\r\n", "\n").ToString();
    }

    private static string Line(LinkProfile link, ulong seed)
    {
        using var net = new SimNetwork(seed);
        var (a, b) = net.Peers(link);
        var left = new UdtPeer(net, a, 5000, new UdtOptions(), 1, 2) { ToWrite = Bytes };
        var right = new UdtPeer(net, b, 5000, new UdtOptions(), 2, 1) { ToRead = Bytes };
        left.Socket.Command(_ => left.Rendezvous(right.Socket.Local));
        right.Socket.Command(_ => right.Rendezvous(left.Socket.Local));
        net.RunUntil(() => right.Read == Bytes, TimeSpan.FromMinutes(30));
        var seconds = net.Elapsed.TotalSeconds;
        var (sent, received) = (left.Connection!.Statistics, right.Connection!.Statistics);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{link.Name,-16} {seed,4} {seconds,11:0.000} {Bytes * 8 / seconds / 1e6,7:0.0} {sent.PacketsSent,8} {sent.PacketsResent,8} {received.PacketsDuplicate,10}");
    }
}
