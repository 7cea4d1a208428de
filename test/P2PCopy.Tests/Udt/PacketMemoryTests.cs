using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Transfers;
using P2PCopy.Udt;

namespace P2PCopy.Tests.Udt;

public sealed class PacketMemoryTests
{
    private const int Sealed = 1024 * 1424;

    [Fact]
    public void What_was_made_is_given_once()
    {
        var memory = new PacketMemory();
        Assert.Null(memory.TryTake(Sealed));
        memory.Make(packets: 2048);
        var (first, second) = (memory.TryTake(Sealed), memory.TryTake(Sealed));
        Assert.NotSame(first, second);
        Assert.InRange(first!.Length, Sealed, int.MaxValue);
        Assert.InRange(second!.Length, Sealed, int.MaxValue);
        Assert.Null(memory.TryTake(Sealed));
    }

    [Theory]
    [InlineData(1024 * 1456, true)]
    [InlineData(1024 * 8972, false)]
    [InlineData(512 * 1424, false)]
    public void It_is_for_packets_that_it_suits(int bytes, bool suits)
    {
        var memory = new PacketMemory();
        memory.Make(packets: 1);
        Assert.Equal(suits, memory.TryTake(bytes) is not null);
    }

    [Fact]
    public void A_ring_takes_what_was_made_first_and_of_a_longer_piece_its_own_part()
    {
        var made = new Stack<byte[]>([new byte[1024 * 20]]);
        var ring = new PieceRing<byte>(4096, 10, bytes => made.TryPop(out var piece) && bytes <= piece.Length ? piece : null);
        Assert.Equal(1024 * 10, ring.From(0).Length);
        Assert.Empty(made);
        Assert.Equal(24 * 10, ring.From(1000).Length);
        Assert.Equal(1024 * 10, ring.From(1024).Length);
        Assert.Equal(2, ring.PiecesMade);
    }

    [Fact]
    public void A_transfer_uses_it_and_makes_the_rest_itself()
    {
        using var net = new SimNetwork(1);
        var link = new SpeedLink("", 1000, 1, 256, 0);
        var (of, to) = (new PacketMemory(), new PacketMemory());
        of.Make(packets: 4096);
        to.Make(packets: 1024);
        var options = new UdtOptions { Mss = SpeedLink.Mss, DeliveryReports = true };
        var (left, right) = UdtPeer.Meet(
            net, net.Host("left", link.Profile), net.Host("right", link.WayBack), options with { Memory = of }, options with { Memory = to }, bytes: 32 << 20);
        net.RunFor(TimeSpan.FromSeconds(2));
        Assert.Equal(32 << 20, right.Read);
        Assert.InRange(left.Connection!.Sender!.Buffer.Memory.PiecesMade, 5, 11);
        Assert.Null(of.TryTake(Sealed));
        Assert.Null(to.TryTake(Sealed));
    }
}
