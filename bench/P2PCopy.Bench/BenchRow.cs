namespace P2PCopy.Bench;

/// <summary>A line of the table: a cable, who runs over it, and what ours has to reach.</summary>
/// <param name="Key">Its name on the command line and of its plot.</param>
/// <param name="Name">What the table calls it.</param>
/// <param name="Knobs">What the link emulator is told; null is a bare pair of virtual Ethernet interfaces.</param>
/// <param name="Mebibytes">How much goes over it in one run of ours.</param>
internal sealed record BenchRow(string Key, string Name, string? Knobs, int Mebibytes)
{
    /// <summary>What is asked of ours, in words.</summary>
    public string Asked { get; init; } = "";

    /// <summary>Mbit/s of the link, for shares.</summary>
    public double LinkMegabits { get; init; }

    /// <summary>Who runs.</summary>
    public IReadOnlyList<Contestant> Contestants { get; init; } = Contestant.Choices;

    /// <summary>Contestants that would take minutes over it copy less, MiB.</summary>
    public IReadOnlyDictionary<Contestant, int> Less { get; init; } = new Dictionary<Contestant, int>();

    /// <summary>Whether a stranger's round trip is measured meanwhile.</summary>
    public bool HasPinger { get; init; }

    /// <summary>Whether it is about what a TCP flow keeps beside the contestant.</summary>
    public bool IsShare { get; init; }

    public static IReadOnlyList<BenchRow> All { get; } =
    [
        new("veth", "unshaped veth pair", null, 1024) { Asked = "≥ 3.5 × scp; CPU ≤ 2.5 s per GiB", Contestants = Contestant.All },
        new("1g-1ms", "1 Gbit/s, 1 ms", "--rate 1G --delay 500us --queue 256k", 512) { Asked = "≥ 925" },
        new("1g-100ms", "1 Gbit/s, 100 ms", "--rate 1G --delay 50ms --queue 4M", 1024)
        {
            Asked = "≥ 850, start included",
            Less = Amounts((Contestant.Scp, 128), (Contestant.Rsync, 128), (Contestant.Reference, 512), (Contestant.QuicCubic, 256), (Contestant.QuicBbr, 512)),
        },
        new("1g-100ms-loss", "1 Gbit/s, 100 ms, 0.1 % loss", "--rate 1G --delay 50ms --queue 4M --loss 0.001/0", 1024)
        {
            Asked = "≥ 820, start included",
            Less = Amounts((Contestant.Scp, 16), (Contestant.Rsync, 16), (Contestant.Cubic, 16), (Contestant.Reference, 128), (Contestant.QuicCubic, 16), (Contestant.QuicBbr, 256)),
        },
        new("100m-50ms-loss", "100 Mbit/s, 50 ms, 1 % loss", "--rate 100M --delay 25ms --queue 256k --loss 0.01/0", 128)
        {
            Asked = "≥ 91",
            Less = Amounts((Contestant.Scp, 4), (Contestant.Rsync, 4), (Contestant.Cubic, 4), (Contestant.Reference, 8), (Contestant.QuicCubic, 4)),
        },
        new("100m-200ms-loss", "100 Mbit/s, 200 ms, 0.1 % loss", "--rate 100M --delay 100ms --queue 256k --loss 0.001/0", 128)
        {
            Asked = "≥ 85, start included",
            Less = Amounts((Contestant.Scp, 8), (Contestant.Rsync, 8), (Contestant.Cubic, 8), (Contestant.Reference, 32), (Contestant.QuicCubic, 8)),
        },
        new("20m-50ms-queue", "20 Mbit/s, 30 ms, 50 ms of queue", "--rate 20M --delay 15ms --queue 122k", 64)
        {
            Asked = "≥ 18.3; RTT under load ≤ 2 × idle, + 20 ms for 95 %",
            HasPinger = true,
        },
        new("20m-500ms-queue", "20 Mbit/s, 30 ms, 500 ms of queue", "--rate 20M --delay 15ms --queue 1220k", 64)
        {
            Asked = "≥ 18.3; RTT under load ≤ 100 ms",
            HasPinger = true,
        },
        new("share", "one TCP CUBIC flow beside it, 100 Mbit/s, 50 ms", "--rate 100M --delay 25ms --queue 256k", 448)
        {
            Asked = "≥ 33 % left; with --polite ≥ 80 %",
            LinkMegabits = 100,
            IsShare = true,
            Contestants = [Contestant.Program, Contestant.Polite, Contestant.Plain, Contestant.Reference, Contestant.Scp, Contestant.QuicCubic, Contestant.QuicBbr, Contestant.Bbr],
        },
        new("100m-50ms", "100 Mbit/s, 50 ms", "--rate 100M --delay 25ms --queue 256k", 128)
        {
            Contestants = [Contestant.Program, Contestant.UnderFlood, Contestant.Plain, Contestant.Reference],
        },
        new("100m-50ms-reordered", "100 Mbit/s, 50 ms, 5 % reordered by 10 ms, 10 ms of jitter", "--rate 100M --delay 25ms --queue 256k --jitter 10ms/0ms --reorder 0.05:10ms/0:10ms", 128)
        {
            Asked = "≥ 90 % of the rate without",
            Contestants = [Contestant.Program, Contestant.Scp, Contestant.Bbr],
            Less = Amounts((Contestant.Scp, 16)),
        },
    ];

    /// <summary>What the contestants of all rows are called.</summary>
    public static IEnumerable<string> Names => All.SelectMany(static row => row.Contestants).Select(static contestant => contestant.Name).Distinct();

    /// <summary>How much a contestant copies.</summary>
    public long BytesOf(Contestant contestant) => (long)Less.GetValueOrDefault(contestant, Mebibytes) << 20;

    private static Dictionary<Contestant, int> Amounts(params ReadOnlySpan<(Contestant Contestant, int Mebibytes)> amounts)
    {
        var less = new Dictionary<Contestant, int>();
        foreach (var (contestant, mebibytes) in amounts) less.Add(contestant, mebibytes);
        return less;
    }
}
