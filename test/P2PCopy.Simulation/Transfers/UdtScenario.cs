using System.Globalization;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;
using P2PCopy.Udt;

namespace P2PCopy.Simulation.Transfers;

/// <summary>A transfer out of chance: links, NATs, options, amounts, and when what goes wrong. A function of its seed.</summary>
public sealed record UdtScenario
{
    /// <summary>NATs and firewalls behind which a plain rendezvous with the outside address works.</summary>
    private static readonly NatBehavior[] Nats =
        [NatBehavior.Open, NatBehavior.FullCone, NatBehavior.RestrictedCone, NatBehavior.PortRestrictedCone, NatBehavior.FirewallStateful];

    // Long enough to connect after an outage.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMinutes(2);

    public required ulong Seed { get; init; }

    public required LinkProfile LinkFromLeft { get; init; }

    public required LinkProfile LinkFromRight { get; init; }

    public required NatBehavior LeftNat { get; init; }

    public required NatBehavior RightNat { get; init; }

    public required UdtOptions Left { get; init; }

    public required UdtOptions Right { get; init; }

    public required long BytesFromLeft { get; init; }

    public required long BytesFromRight { get; init; }

    public required int WriteSize { get; init; }

    /// <summary>How much later the right side starts.</summary>
    public required TimeSpan StartOffset { get; init; }

    /// <summary>When all links go down, and for how long; never when the length is zero.</summary>
    public required BlackOut Outage { get; init; }

    /// <summary>When the right application stops to read, and for how long; never when the length is zero.</summary>
    public required BlackOut Nap { get; init; }

    /// <summary>Whether the right side listens and the left one calls.</summary>
    public required bool HasListener { get; init; }

    /// <summary>
    /// After this it counts as failed: long enough for an outage in the worst place, for rate control that starts anew after it, and
    /// for a path that loses much.
    /// </summary>
    public TimeSpan Limit => TimeSpan.FromMinutes(15) + (3 * IdealTime);

    private TimeSpan IdealTime =>
        Ideal(LinkFromLeft, BytesFromLeft, Math.Min(Left.SendBufferPackets, Right.ReceiveBufferPackets))
        + Ideal(LinkFromRight, BytesFromRight, Math.Min(Right.SendBufferPackets, Left.ReceiveBufferPackets));

    private TimeSpan RoundTrip => LinkFromLeft.Delay + LinkFromRight.Delay + ((LinkFromLeft.Jitter + LinkFromRight.Jitter) / 2);

    /// <summary>The time of a transfer as a multiple of what the path and its accidents account for.</summary>
    public double Slowness(TimeSpan duration) => duration / (IdealTime + Accidents + (20 * RoundTrip) + Grace);

    private static TimeSpan Grace => TimeSpan.FromSeconds(1);

    private TimeSpan Accidents
    {
        get
        {
            var sum = Outage.Start + Outage.Length + Nap.Start + Nap.Length;
            foreach (var gap in LinkFromLeft.BlackOuts.Concat(LinkFromRight.BlackOuts)) sum += gap.Start + gap.Length;
            return sum;
        }
    }

    public static UdtScenario FromSeed(ulong seed)
    {
        var random = SeededRandom.For(seed, "scenario");
        var reports = SeededRandom.For(seed, "reports");
        var (leftReports, rightReports) = (reports.Chance(0.6), reports.Chance(0.8));
        var mss = Mss(random);
        var peerMss = random.Chance(0.7) ? mss : Mss(random);
        var most = Math.Min(mss, peerMss) < 500 ? 64 << 10 : 16 << 20;
        var both = random.Chance(0.3);
        var fromLeft = random.Chance(0.5);
        var hasListener = random.Chance(0.1);
        return new UdtScenario
        {
            Seed = seed,
            LinkFromLeft = LinkProfile.Random(random),
            LinkFromRight = LinkProfile.Random(random),
            LeftNat = Pick(random, Nats),
            RightNat = hasListener ? NatBehavior.Open : Pick(random, Nats),
            Left = Options(random, mss) with { DeliveryReports = leftReports },
            Right = Options(random, peerMss) with { DeliveryReports = rightReports },
            BytesFromLeft = fromLeft || both ? Amount(random, most) : 0,
            BytesFromRight = !fromLeft || both ? Amount(random, most) : 0,
            WriteSize = random.Chance(0.5) ? 0 : (int)random.Magnitude(1000, 512 << 10),
            StartOffset = hasListener || random.Chance(0.4) ? TimeSpan.Zero : TimeSpan.FromSeconds(random.Magnitude(0.001, 25)),
            Outage = random.Chance(0.15) ? new(TimeSpan.FromSeconds(random.NextDouble() * 30), TimeSpan.FromSeconds(random.Magnitude(0.1, 30))) : default,
            Nap = random.Chance(0.1) ? new(TimeSpan.FromSeconds(random.NextDouble() * 5), TimeSpan.FromSeconds(random.Magnitude(0.1, 40))) : default,
            HasListener = hasListener,
        };
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}: {BytesFromLeft} bytes > and {BytesFromRight} bytes <, writes of {WriteSize}, MSS {Left.Mss}/{Right.Mss}, " +
        $"reports {Left.DeliveryReports}/{Right.DeliveryReports}, send {Left.SendBufferPackets}/{Right.SendBufferPackets}, receive {Left.ReceiveBufferPackets}/{Right.ReceiveBufferPackets}, " +
        $"ISN {Left.InitialSequence}/{Right.InitialSequence}, {LeftNat} and {RightNat}{(HasListener ? " which listens" : "")}, " +
        $"{StartOffset.TotalSeconds:0.###} s apart, outage at {Outage.Start.TotalSeconds:0.#} s for {Outage.Length.TotalSeconds:0.#} s, " +
        $"nap at {Nap.Start.TotalSeconds:0.#} s for {Nap.Length.TotalSeconds:0.#} s; > {LinkFromLeft}; < {LinkFromRight}");

    private static int Mss(SeededRandom random) => random.NextDouble() switch
    {
        < 0.7 => 1500,
        < 0.8 => 1400,
        < 0.9 => 576,
        < 0.95 => UdtOptions.MinMss,
        _ => (int)random.Between(UdtOptions.MinMss, 1500),
    };

    private static UdtOptions Options(SeededRandom random, int mss) => new()
    {
        ConnectTimeout = ConnectTimeout,
        RendezvousTimeout = ConnectTimeout,
        Mss = mss,
        SendBufferPackets = Window(random),
        ReceiveBufferPackets = Window(random),
        InitialSequence = random.NextDouble() switch
        {
            < 0.5 => new SequenceNumber(SequenceNumber.MaxValue - (uint)random.Magnitude(1, 1000)),
            < 0.55 => new SequenceNumber(0),
            _ => new SequenceNumber((uint)random.NextUInt64()),
        },
    };

    private static int Window(SeededRandom random) => random.NextDouble() switch
    {
        < 0.01 => 2,
        < 0.05 => 32,
        < 0.5 => (int)random.Magnitude(64, 16384),
        _ => 4096,
    };

    private static long Amount(SeededRandom random, long most) => random.NextDouble() switch
    {
        < 0.1 => random.Between(1, Math.Min(5000, most)),
        < 0.97 => Math.Min((long)random.Magnitude(40 << 10, 2 << 20), most),
        _ => Math.Min((long)random.Magnitude(2 << 20, 16 << 20), most),
    };

    // A line carries headers too; a window goes over it once in a round trip and the 10 ms of an acknowledgement.
    private TimeSpan Ideal(LinkProfile link, long bytes, int window)
    {
        var payload = Math.Min(Left.Mss, Right.Mss) - UdtOptions.HeaderBytes;
        var packets = (double)((bytes / payload) + 1);
        var line = link.BitsPerSecond == 0 ? 0 : packets * (payload + UdtOptions.HeaderBytes) * 8 / link.BitsPerSecond;
        var windows = packets / window * (RoundTrip + TimeSpan.FromMilliseconds(10)).TotalSeconds;
        return bytes == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(line, windows));
    }

    private static T Pick<T>(SeededRandom random, T[] values) => values[random.Between(0, values.Length - 1)];
}
