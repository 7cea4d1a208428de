namespace P2PCopy.Simulation.Links;

/// <summary>
/// A link of the table that is to be reached, as sealed packets see it: the simulation carries bare ones, so that they are as much
/// shorter as the channel makes them longer, and the link as much slower.
/// </summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Megabits">Mbit/s of IP packets of 1,500 bytes.</param>
/// <param name="RoundTripMilliseconds">Without a queue.</param>
/// <param name="QueueKibibytes">What may wait.</param>
/// <param name="Mebibytes">How much is sent over it.</param>
public sealed record SpeedLink(string Name, double Megabits, double RoundTripMilliseconds, int QueueKibibytes, int Mebibytes)
{
    /// <summary>The MSS in a sealed packet of 1,500 bytes.</summary>
    public const int Mss = 1468;

    private const double Share = Mss / 1500.0;

    /// <summary>Probability of loss, each packet for itself.</summary>
    public double Loss { get; init; }

    /// <summary>Milliseconds of jitter, which does not reorder by itself.</summary>
    public double Jitter { get; init; }

    /// <summary>Probability that a packet is overtaken by those of the next 10 ms.</summary>
    public double Reorder { get; init; }

    /// <summary>One direction of it.</summary>
    public LinkProfile Profile => new()
    {
        Name = Name,
        BitsPerSecond = (long)(Megabits * 1e6 * Share),
        Delay = TimeSpan.FromMilliseconds(RoundTripMilliseconds / 2),
        QueueBytes = (int)(QueueKibibytes * 1024 * Share),
        Loss = Loss,
        Jitter = TimeSpan.FromMilliseconds(Jitter),
        Reorder = Reorder,
        ReorderBy = TimeSpan.FromMilliseconds(10),
    };

    /// <summary>The way back, which loses and reorders nothing.</summary>
    public LinkProfile WayBack => Profile with { Loss = 0, Jitter = TimeSpan.Zero, Reorder = 0 };

    public static IReadOnlyList<SpeedLink> All { get; } =
    [
        new("1 Gbit/s, 1 ms", 1000, 1, 256, 128),
        new("1 Gbit/s, 100 ms", 1000, 100, 4096, 640),
        new("1 Gbit/s, 100 ms, 0.1 % loss", 1000, 100, 4096, 640) { Loss = 0.001 },
        new("1 Gbit/s, 100 ms, 2 ms queue", 1000, 100, 256, 640),
        new("100 Mbit/s, 50 ms", 100, 50, 256, 64),
        new("100 Mbit/s, 50 ms, 1 % loss", 100, 50, 256, 64) { Loss = 0.01 },
        new("100 Mbit/s, 50 ms, 5 % loss", 100, 50, 256, 64) { Loss = 0.05 },
        new("100 Mbit/s, 50 ms, 10 ms jitter", 100, 50, 256, 64) { Jitter = 10 },
        new("100 Mbit/s, 50 ms, 10 ms jitter, 5 % reordered", 100, 50, 256, 64) { Jitter = 10, Reorder = 0.05 },
        new("100 Mbit/s, 50 ms, 2.6 ms queue", 100, 50, 32, 64),
        new("100 Mbit/s, 200 ms, 0.1 % loss", 100, 200, 256, 128) { Loss = 0.001 },
        new("20 Mbit/s, 30 ms, 50 ms queue", 20, 30, 122, 16),
        new("20 Mbit/s, 30 ms, 500 ms queue", 20, 30, 1220, 16),
        new("1 Mbit/s, 30 ms, 500 ms queue", 1, 30, 61, 2),
    ];
}
