using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;

namespace P2PCopy.Tests.Sealed;

/// <summary>What others on the network try while two sides copy.</summary>
public sealed class AttackTests
{
    private const int Bytes = 400_000;

    [Fact]
    public void Every_datagram_of_a_copy_is_of_the_sealed_protocol_and_shows_nothing_of_it()
    {
        using var pair = new SealedPair(20, NatBehavior.FullCone, NatBehavior.PortRestrictedCone, LinkProfile.WifiLossy, Bytes);
        var marks = 0;
        pair.Network.Loses = datagram =>
        {
            Assert.Equal(0xd5, datagram.Payload[0]);

            // The file's pattern counts up, so that any eight bytes of it are known; UDT's handshake begins with its version.
            for (var i = 16; i + 8 <= datagram.Length; i++)
                if (IsPattern(datagram.Payload.Slice(i, 8))) marks++;
            return false;
        };
        pair.Paste().Finish(120);
        Assert.Equal(0, marks);
    }

    [Fact]
    public void A_forged_shutdown_of_the_transport_does_nothing()
    {
        using var pair = new SealedPair(21, NatBehavior.FullCone, NatBehavior.FullCone, LinkProfile.Fibre, Bytes);
        pair.Paste().Meet();
        pair.Network.RunFor(TimeSpan.FromSeconds(0.1));
        for (uint id = 0; id < 1000; id++)
        {
            byte[] shutdown = [0x80, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(id >> 24), (byte)(id >> 16), (byte)(id >> 8), (byte)id];
            pair.Network.Inject(pair.Right.Outside, pair.Left.Outside, shutdown);
            pair.Network.Inject(pair.Left.Outside, pair.Right.Outside, shutdown);
        }

        pair.Finish();
        Assert.True(pair.Left.Socket.Unclaimed >= 1000);
    }

    [Fact]
    public void Nothing_that_was_captured_can_be_used_again()
    {
        using var pair = new SealedPair(22, NatBehavior.FullCone, NatBehavior.FullCone, LinkProfile.Fibre, Bytes);
        var captured = Capture(pair.Network);
        pair.Paste().Meet();
        var late = captured.Count;
        pair.Network.RunFor(TimeSpan.FromSeconds(0.2));
        Replay(pair, captured);
        var thief = UdpEndpoint.FromIPv4(0x2d01_0203, 999);
        foreach (var (_, _, bytes) in captured.ToArray())
        {
            pair.Network.Inject(thief, pair.Left.Outside, bytes);
            pair.Network.Inject(thief, pair.Right.Outside, bytes);
        }

        pair.Finish();
        Replay(pair, captured);
        pair.Network.RunFor(TimeSpan.FromSeconds(5));

        Assert.True(captured.Count > late, "datagrams of the copy itself were among them");

        // What the thief delivers before the original arrives looks like the peer on a new path: that path is asked, and cannot answer.
        Assert.DoesNotContain(captured, datagram => datagram.To == thief && datagram.Bytes[1] != 0x11);
        foreach (var side in new[] { pair.Left, pair.Right })
        {
            Assert.Single(side.Events.OfType<SealedPeerEvent.Ready>());
            Assert.DoesNotContain(side.Events.OfType<SealedPeerEvent.PathMoved>(), moved => moved.To == thief);
            Assert.True(side.Peer.Statistics.DatagramsRefused > 0);
        }
    }

    [Fact]
    public void Flipping_any_bit_of_what_is_under_way_only_loses_it()
    {
        using var pair = new SealedPair(23, NatBehavior.FullCone, NatBehavior.FullCone, LinkProfile.Fibre, Bytes);
        var random = pair.Network.RandomFor("flip");
        pair.Network.Loses = datagram =>
        {
            if (random.Chance(0.05)) datagram.Payload[(int)random.Between(0, datagram.Length - 1)] ^= (byte)(1 << (int)random.Between(0, 7));
            return false;
        };
        pair.Paste().Finish(180);
    }

    [Fact]
    public void A_flood_of_garbage_changes_nothing()
    {
        using var pair = new SealedPair(24, NatBehavior.FullCone, NatBehavior.FullCone, LinkProfile.Fibre, Bytes);
        pair.Paste().Meet();
        var random = pair.Network.RandomFor("garbage");
        var garbage = new byte[200];
        for (var i = 0; i < 20_000; i++)
        {
            random.Fill(garbage);
            (garbage[0], garbage[1], garbage[3]) = (0xd5, (byte)(random.Chance(0.5) ? random.Between(1, 5) : 0x10), 0);
            garbage[12] |= 0x80;
            pair.Network.Inject(random.Chance(0.5) ? pair.Right.Outside : UdpEndpoint.FromIPv4(random.NextUInt32() | 0x0100_0000, 77), pair.Left.Outside, garbage.AsSpan(0, (int)random.Between(1, 200)));
        }

        pair.Finish();
        Assert.Single(pair.Left.Events.OfType<SealedPeerEvent.Ready>());
    }

    private static List<(UdpEndpoint From, UdpEndpoint To, byte[] Bytes)> Capture(SimNetwork network)
    {
        var captured = new List<(UdpEndpoint, UdpEndpoint, byte[])>();
        network.Loses = datagram =>
        {
            captured.Add((datagram.Source, datagram.Destination, datagram.Payload.ToArray()));
            return false;
        };
        return captured;
    }

    private static void Replay(SealedPair pair, List<(UdpEndpoint From, UdpEndpoint To, byte[] Bytes)> captured)
    {
        foreach (var (_, to, bytes) in captured.ToArray())
        {
            if (to == pair.Left.Outside) pair.Network.Inject(pair.Right.Outside, to, bytes);
            else if (to == pair.Right.Outside) pair.Network.Inject(pair.Left.Outside, to, bytes);
        }
    }

    private static bool IsPattern(ReadOnlySpan<byte> bytes)
    {
        for (var i = 1; i < bytes.Length; i++)
            if (bytes[i] != (byte)(bytes[i - 1] + 1)) return false;
        return true;
    }
}
