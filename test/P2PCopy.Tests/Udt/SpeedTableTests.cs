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
/// What peers that report deliveries reach over the links of the table that is to be reached, exactly: a checked-in text that
/// <c>./dev accept</c> rewrites. The promises stand beside it and hold whatever the text says.
/// </summary>
public sealed class SpeedTableTests
{
    private const string File = "test/P2PCopy.Tests/Udt/speed.txt";
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Started = TimeSpan.FromSeconds(3);

    // Mbit/s from second 3 on (or over the whole of a shorter copy), and the median round trip while it runs, ms.
    private static readonly Dictionary<string, (double Least, double MostRoundTrip)> Promises = new()
    {
        ["1 Gbit/s, 1 ms"] = (925, 5),
        ["1 Gbit/s, 100 ms"] = (900, 150),
        ["1 Gbit/s, 100 ms, 0.1 % loss"] = (880, 150),
        ["100 Mbit/s, 50 ms"] = (91, 100),
        ["100 Mbit/s, 50 ms, 1 % loss"] = (91, 100),
        ["100 Mbit/s, 200 ms, 0.1 % loss"] = (91, 400),
        ["20 Mbit/s, 30 ms, 50 ms queue"] = (18.3, 60),
        ["20 Mbit/s, 30 ms, 500 ms queue"] = (18.3, 60),
    };

    [Fact]
    public void Copies_over_the_links_of_the_table_take_what_it_says_and_keep_their_promises()
    {
        var text = new StringBuilder();
        text.AppendLine("# One copy over each link, sealed packets. Rewritten by ./dev accept.");
        text.AppendLine("# link                                               MiB  virtual s  Mbit/s  from 3 s  RTT ms  95 %   sent  resent   lost  duplicate");
        foreach (var link in SpeedLink.All) text.AppendLine(Line(link));
        var actual = text.Replace("\r\n", "\n").ToString();
        if (Repository.Accepting) System.IO.File.WriteAllText(Repository.PathOf(File), actual);

        // The model uses floating point throughout, whose last bit may differ between systems.
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64) return;
        Assert.Equal(Repository.Read(File), actual);
    }

    private static string Line(SpeedLink link)
    {
        using var net = new SimNetwork(1);
        var (a, b) = (net.Host("left", link.Profile), net.Host("right", link.WayBack));
        var bytes = (long)link.Mebibytes << 20;
        var options = new UdtOptions { Mss = SpeedLink.Mss, DeliveryReports = true, SendBufferPackets = 32768, ReceiveBufferPackets = 32768 };
        var (left, right) = UdtPeer.Meet(net, a, b, options, options, bytes);
        var roundTrips = new List<double>();
        var (early, earlyAt) = (0L, TimeSpan.Zero);
        while (right.Read < bytes)
        {
            net.RunFor(Step);
            if (left.Connection?.Sender is not null) roundTrips.Add(left.Connection.Statistics.RoundTripTime.TotalMilliseconds);
            if (earlyAt == TimeSpan.Zero && net.Elapsed >= Started) (early, earlyAt) = (right.Read, net.Elapsed);
            Assert.True(net.Elapsed < TimeSpan.FromMinutes(2), $"{link.Name}: {right.Read} of {bytes} bytes in two minutes");
        }

        var seconds = net.Elapsed.TotalSeconds;
        var whole = bytes * 8 / seconds / 1e6;
        var late = (bytes - early) * 8 / (seconds - earlyAt.TotalSeconds) / 1e6;
        roundTrips.Sort();
        var (median, high) = (roundTrips[roundTrips.Count / 2], roundTrips[roundTrips.Count * 95 / 100]);
        if (Promises.TryGetValue(link.Name, out var promise))
        {
            Assert.True(late >= promise.Least, $"{link.Name}: {late:0.0} Mbit/s, promised {promise.Least}");
            Assert.True(median <= promise.MostRoundTrip, $"{link.Name}: {median:0.0} ms, promised {promise.MostRoundTrip}");
        }

        var (sent, received, wire) = (left.Connection!.Statistics, right.Connection!.Statistics, SimNetwork.UplinkOf(a).Counters);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{link.Name,-50} {link.Mebibytes,5} {seconds,10:0.00} {whole,7:0.0} {late,9:0.0} {median,7:0.0} {high,5:0} {sent.PacketsSent,6} {sent.PacketsResent,7} {wire.Lost + wire.QueueFull,6} {received.PacketsDuplicate,10}");
    }
}
