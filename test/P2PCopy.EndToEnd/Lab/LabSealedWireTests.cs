using System.Buffers.Binary;
using System.Text;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>What somebody on the way sees of a copy between two users with tickets, and what they can do to it.</summary>
[Collection(LabCollection.Name)]
public sealed class LabSealedWireTests : IDisposable
{
    private const byte Magic = 0xd5;
    private const int Stretch = 16;
    private const string SlowLink = "--rate 8M --delay 5ms --queue 64k";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly NetworkLab _lab = new();
    private readonly LabTopology _net;
    private readonly WireTap _tap;

    public LabSealedWireTests()
    {
        _net = new LabTopology(_lab);
        LabServers.Start(_net);
        _tap = new WireTap(_net.Internet);
    }

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task Nothing_of_the_file_can_be_read_on_the_way()
    {
        var (from, to) = (_net.AddHost("sender"), _net.AddHost("receiver", LabNat.PortRestricted));
        var copy = new LabCopy(from, to, LabServers.StunWords).Named("read on the way").WithBytes(1_000_000);
        var meeting = await SealedMeeting.StartCopyAsync(copy, 0);
        await meeting.AssertDoneAsync(Limit);

        var file = await File.ReadAllBytesAsync(copy.SourceFile, TestContext.Current.CancellationToken);
        var stretches = Stretches(file).ToHashSet();
        Assert.True(HasAnyOf(stretches, [1, 2, 3, .. file.AsSpan(777_777, Stretch), 4]), "the search finds nothing");
        var seen = _tap.Between(from.PublicAddress, to.PublicAddress);
        Assert.True(seen.Sum(datagram => (long)datagram.Payload.Length) > file.Length, $"only {seen.Count} datagrams were seen");
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(copy.SourceFile));
        foreach (var datagram in seen)
        {
            Assert.Equal(Magic, datagram.Payload[0]);
            Assert.False(HasAnyOf(stretches, datagram.Payload), "a part of the file can be read");
            Assert.True(datagram.Payload.IndexOf(name) < 0, "the name of the file can be read");
        }
    }

    [LabFact]
    public async Task Forged_and_repeated_datagrams_change_nothing()
    {
        const string port = "4300";
        var (from, to) = (await _net.AddHostAsync("sender", SlowLink), _net.AddHost("receiver", LabNat.PortRestricted));
        var copy = new LabCopy(from, to, [.. LabServers.StunWords, "--localport", port, "--verbose"]).Named("forged and repeated").WithBytes(3_000_000);

        // Under the right addresses while it runs: ends in clear, ends that look sealed, and all that has been said so far.
        var first = await SealedMeeting.StartCopyAsync(copy, 500_000);
        var seen = _tap.Between(from.PublicAddress, to.PublicAddress);
        Forge(seen);
        Replay(seen);
        await copy.WaitUntilUnderWayAsync(1_500_000);
        Forge(seen);
        await first.AssertDoneAsync(Limit);
        Assert.All([first.Sender, first.Receiver], run => Assert.Matches(@" opened, [1-9]\d* refused; ", run.ToString()));

        // The whole session again to the next programs at the same ports: before they meet and while they copy.
        var former = _tap.Between(from.PublicAddress, to.PublicAddress);
        File.Delete(copy.TargetFile);
        var second = await SealedMeeting.StartAsync(copy);
        Replay(former);
        second.PasteAtReceiver();
        await second.ConnectAsync(second.PasteAtSender);
        await second.AcceptAsync();
        await copy.WaitUntilUnderWayAsync(500_000);
        Replay(former);
        await second.AssertDoneAsync(Limit);
        Assert.DoesNotContain("Someone", second.Sender.ToString(), StringComparison.Ordinal);
    }

    // Each way: shutdowns of UDT to the ids that receivers might take, and datagrams that carry the session's own header.
    private void Forge(IReadOnlyList<IPv4Datagram> seen)
    {
        foreach (var sample in seen.Where(datagram => datagram.Payload[1] >= 0x10).GroupBy(datagram => datagram.Source.ToString()).Select(way => way.Last()))
        {
            for (var id = 0; id < 100; id++) _tap.Send(sample.With(Shutdown(id)));
            var forged = sample.Payload.ToArray();
            for (var type = 0; type < 0x20; type++)
            {
                forged[1] = (byte)type;
                forged[^1]++;
                _tap.Send(sample.With(forged));
            }
        }
    }

    private void Replay(IReadOnlyList<IPv4Datagram> seen)
    {
        foreach (var datagram in seen) _tap.Send(datagram);
    }

    // draft-gg-udt-03 §3.2: a control packet of type 5.
    private static byte[] Shutdown(int id)
    {
        var packet = new byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x8005_0000);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(12), id);
        return packet;
    }

    private static IEnumerable<UInt128> Stretches(byte[] bytes) =>
        Enumerable.Range(0, bytes.Length - Stretch + 1).Select(at => BinaryPrimitives.ReadUInt128BigEndian(bytes.AsSpan(at)));

    private static bool HasAnyOf(HashSet<UInt128> stretches, ReadOnlySpan<byte> payload)
    {
        for (var at = 0; at <= payload.Length - Stretch; at++)
            if (stretches.Contains(BinaryPrimitives.ReadUInt128BigEndian(payload[at..]))) return true;
        return false;
    }
}
