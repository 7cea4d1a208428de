using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Crossing;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Crossing;

public sealed class PortSprayTests
{
    private static readonly UdpEndpoint Peer = UdpEndpoint.FromIPv4(0x19070102, 4300);
    private static readonly PortRange All = new(1024, 65535);

    [Fact]
    public void No_port_is_tried_twice_however_many_rounds()
    {
        var spray = new PortSpray(new SeededRandom(1));
        spray.Begin(Peer, All);
        var seen = new HashSet<ushort>();
        var now = Instant.Zero;
        for (var round = 0; round < 5; round++)
        {
            spray.BeginRound(now);
            var (begun, guesses) = (now, 0);
            while (spray.Next != Instant.Never)
            {
                now = spray.Next;
                while (spray.TryNext(now, out var guess))
                {
                    guesses++;
                    Assert.True(guess.SameAddress(Peer) && guess.Port >= 1024 && seen.Add(guess.Port), $"{guess}");
                }
            }

            Assert.Equal((2048, TimeSpan.FromMilliseconds(2047 * 5)), (guesses, now - begun));
        }
    }

    [Fact]
    public void A_small_block_is_tried_anew_when_all_of_it_was()
    {
        var spray = new PortSpray(new SeededRandom(2));
        spray.Begin(Peer, new PortRange(40960, 41471));
        spray.BeginRound(Instant.Zero);
        var tried = new Dictionary<ushort, int>();
        for (var now = Instant.Zero; spray.Next != Instant.Never; now = spray.Next)
            while (spray.TryNext(now, out var guess)) tried[guess.Port] = tried.GetValueOrDefault(guess.Port) + 1;
        Assert.Equal((512, 4, 4), (tried.Count, tried.Values.Min(), tried.Values.Max()));
    }

    [Fact]
    public void A_program_that_slept_owes_no_guesses()
    {
        var spray = new PortSpray(new SeededRandom(3));
        spray.Begin(Peer, All);
        spray.BeginRound(Instant.Zero);
        var now = Instant.Zero + TimeSpan.FromMinutes(1);
        var guesses = 0;
        while (spray.TryNext(now, out _)) guesses++;
        Assert.InRange(guesses, 1, 2);
    }

    [Theory]
    [InlineData(64, 695, 2279)]
    [InlineData(256, 175, 577)]
    public void Half_and_nine_of_ten_searches_end_as_soon_as_chance_lets_expect(int sockets, int half, int nineOfTen)
    {
        const int runs = 2000;
        var random = new SeededRandom(4);
        var needed = new int[runs];
        for (var run = 0; run < runs; run++)
        {
            var open = new HashSet<ushort>();
            while (open.Count < sockets) open.Add((ushort)random.Between(1024, 65535));
            var spray = new PortSpray(random);
            spray.Begin(Peer, All);
            for (var hit = false; !hit;)
            {
                spray.BeginRound(Instant.Zero);
                for (var now = Instant.Zero; !hit && spray.Next != Instant.Never; now = spray.Next)
                {
                    while (!hit && spray.TryNext(now, out var guess))
                    {
                        needed[run]++;
                        hit = open.Contains(guess.Port);
                    }
                }
            }
        }

        Array.Sort(needed);
        Assert.InRange(needed[runs / 2], half * 0.9, half * 1.1);
        Assert.InRange(needed[runs * 9 / 10], nineOfTen * 0.9, nineOfTen * 1.1);
    }
}
