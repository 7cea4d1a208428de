namespace P2PCopy.Simulation.Links;

/// <content>Links as people have them, and links as chance makes them.</content>
public sealed partial record LinkProfile
{
    /// <summary>No limit, no delay, no loss.</summary>
    public static LinkProfile Ideal { get; } = new();

    /// <summary>A cable to the next room.</summary>
    public static LinkProfile Lan { get; } =
        new() { Name = "lan", BitsPerSecond = 1_000_000_000, QueueBytes = 512 << 10, Delay = Milliseconds(0.1) };

    /// <summary>Good fibre at home, the peer in the same country.</summary>
    public static LinkProfile Fibre { get; } =
        new() { Name = "fibre", BitsPerSecond = 100_000_000, QueueBytes = 512 << 10, Delay = Milliseconds(8), Loss = 0.00001 };

    /// <summary>The uplink of a telephone line: slow, with a long queue, over PPPoE.</summary>
    public static LinkProfile Dsl { get; } =
        new() { Name = "dsl", BitsPerSecond = 10_000_000, QueueBytes = 128 << 10, Delay = Milliseconds(20), Loss = 0.0001, Mtu = 1492 };

    /// <summary>Wi-Fi through two walls with the neighbours on the same channel.</summary>
    public static LinkProfile WifiLossy { get; } = new()
    {
        Name = "wifi-lossy",
        BitsPerSecond = 50_000_000,
        Delay = Milliseconds(12),
        Jitter = Milliseconds(5),
        Loss = 0.005,
        BurstLoss = BurstLoss.FromAverage(0.01, 4),
        Duplicate = 0.0005,
        Reorder = 0.002,
    };

    /// <summary>A telephone in a train: much jitter, deep buffers, a hand-over now and then.</summary>
    public static LinkProfile Cellular { get; } = new()
    {
        Name = "cellular",
        BitsPerSecond = 20_000_000,
        QueueBytes = 1 << 20,
        Delay = Milliseconds(45),
        Jitter = Milliseconds(20),
        BurstLoss = BurstLoss.FromAverage(0.005, 8),
        BlackOuts = [new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(0.4)), new(TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(1.2))],
        Mtu = 1428,
    };

    /// <summary>By way of a geostationary satellite: 36,000 km up and down again.</summary>
    public static LinkProfile Satellite { get; } = new()
    {
        Name = "satellite",
        BitsPerSecond = 15_000_000,
        QueueBytes = 1 << 20,
        Delay = Milliseconds(270),
        Jitter = Milliseconds(8),
        BurstLoss = BurstLoss.FromAverage(0.003, 3),
    };

    /// <summary>A fast line across an ocean: much data in flight.</summary>
    public static LinkProfile LongFat { get; } =
        new() { Name = "long-fat", BitsPerSecond = 500_000_000, QueueBytes = 4 << 20, Delay = Milliseconds(75), Loss = 0.00001 };

    /// <summary>Fast, but with a queue far below what is in flight.</summary>
    public static LinkProfile ShallowQueue { get; } =
        new() { Name = "shallow-queue", BitsPerSecond = 100_000_000, QueueBytes = 32 << 10, Delay = Milliseconds(25) };

    /// <summary>Everything that can go wrong with a datagram, often.</summary>
    public static LinkProfile Hostile { get; } = new()
    {
        Name = "hostile",
        BitsPerSecond = 20_000_000,
        QueueBytes = 64 << 10,
        Delay = Milliseconds(30),
        Jitter = Milliseconds(30),
        JitterReorders = true,
        Loss = 0.05,
        BurstLoss = BurstLoss.FromAverage(0.03, 10),
        Duplicate = 0.02,
        Reorder = 0.05,
        ReorderBy = Milliseconds(10),
    };

    /// <summary>All that a copy must survive, for tables of scenarios.</summary>
    public static IReadOnlyList<LinkProfile> All { get; } =
        [Ideal, Lan, Fibre, Dsl, WifiLossy, Cellular, Satellite, LongFat, ShallowQueue, Hostile];

    /// <summary>
    /// A link out of chance: half of the knobs turned, each within what a usable link may show. It never corrupts, since UDP's checksum
    /// stops that on real links; a test that wants it says so.
    /// </summary>
    public static LinkProfile Random(SeededRandom random)
    {
        var rate = random.Chance(0.85) ? (long)random.Magnitude(500_000, 1_000_000_000) : 0;
        return new()
        {
            Name = "random",
            BitsPerSecond = rate,
            QueueBytes = (int)random.Magnitude(16 << 10, 4 << 20),
            Delay = Milliseconds(random.Magnitude(0.05, 400)),
            Jitter = random.Chance(0.5) ? Milliseconds(random.Magnitude(0.05, 50)) : TimeSpan.Zero,
            JitterReorders = random.Chance(0.3),
            Loss = random.Chance(0.5) ? random.Magnitude(0.0001, 0.08) : 0,
            BurstLoss = random.Chance(0.3) ? BurstLoss.FromAverage(random.Magnitude(0.0005, 0.05), random.Magnitude(2, 30)) : null,
            Duplicate = random.Chance(0.3) ? random.Magnitude(0.0001, 0.05) : 0,
            Reorder = random.Chance(0.3) ? random.Magnitude(0.0001, 0.1) : 0,
            ReorderBy = Milliseconds(random.Magnitude(0.1, 20)),
            BlackOuts = random.Chance(0.2) ? [new(TimeSpan.FromSeconds(random.NextDouble() * 5), Milliseconds(random.Magnitude(50, 5000)))] : [],
            Mtu = random.Chance(0.2) ? (int)random.Between(1280, 1499) : 1500,
        };
    }

    private static TimeSpan Milliseconds(double milliseconds) => TimeSpan.FromMicroseconds(Math.Round(milliseconds * 1000));
}
