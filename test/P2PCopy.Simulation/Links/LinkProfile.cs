using System.Globalization;

namespace P2PCopy.Simulation.Links;

/// <summary>What one direction of a link does to datagrams. The default is a perfect link.</summary>
public sealed partial record LinkProfile
{
    /// <summary>What people call such a link.</summary>
    public string Name { get; init; } = "ideal";

    /// <summary>Bits per second, headers included; 0 is unlimited. Real: 1 M (poor uplink) to 1 G (LAN).</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>
    /// Bytes that may wait behind the one being sent; what finds no room is lost (drop-tail). Without a rate nothing waits. Real: 32 k
    /// (switch port) to several M (home router, "buffer bloat").
    /// </summary>
    public int QueueBytes { get; init; } = 256 << 10;

    /// <summary>One way, from the last bit sent to the arrival. Real: 0.1 ms (LAN), 10–50 ms (one continent), 270 ms (satellite).</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Added on top of <see cref="Delay"/>, uniform from 0 to this. Real: 0 (fibre) to 30 ms (cellular).</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Whether jitter lets later datagrams overtake. Real links mostly keep order: false.</summary>
    public bool JitterReorders { get; init; }

    /// <summary>Probability that a datagram is lost, each for itself. Real: 0 to 0.02.</summary>
    public double Loss { get; init; }

    /// <summary>Loss in bursts, beside <see cref="Loss"/>.</summary>
    public BurstLoss? BurstLoss { get; init; }

    /// <summary>Probability that a datagram arrives twice. Real: 0 to 0.001.</summary>
    public double Duplicate { get; init; }

    /// <summary>Probability that a datagram is held back by <see cref="ReorderBy"/>. Real: 0 to 0.01.</summary>
    public double Reorder { get; init; }

    /// <summary>How long a reordered datagram is held back. Real: 0.5 to 10 ms.</summary>
    public TimeSpan ReorderBy { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>Probability that one random bit of the payload is flipped. Real, past all checksums: below 1e-6.</summary>
    public double Corrupt { get; init; }

    /// <summary>When the link carries nothing.</summary>
    public IReadOnlyList<BlackOut> BlackOuts { get; init; } = [];

    /// <summary>The longest packet with its IP header, bytes. Real: 1280 (tunnels), 1428 (cellular), 1492 (PPPoE), 1500.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>
    /// Whether longer packets pass in pieces, each with a header and a chance of loss of its own, as IPv4 does unless forbidden to. Else
    /// they are lost without a word: a path MTU black hole.
    /// </summary>
    public bool Fragments { get; init; } = true;

    /// <summary>The name and every knob that is turned.</summary>
    public override string ToString()
    {
        List<string> knobs = [];
        if (BitsPerSecond > 0) knobs.Add(Text($"{BitsPerSecond / 1e6:0.###} Mbit/s, queue {QueueBytes / 1024.0:0.#} KiB"));
        if (Delay > TimeSpan.Zero || Jitter > TimeSpan.Zero) knobs.Add(Text($"{Delay.TotalMilliseconds:0.###} ms"));
        if (Jitter > TimeSpan.Zero) knobs.Add(Text($"jitter {Jitter.TotalMilliseconds:0.###} ms{(JitterReorders ? " reordering" : "")}"));
        if (Loss > 0) knobs.Add(Text($"loss {Loss:0.######}"));
        if (BurstLoss is { } burst) knobs.Add(Text($"burst loss {burst.AverageLoss:0.####} in runs of {1 / burst.ToGood:0.#}"));
        if (Duplicate > 0) knobs.Add(Text($"duplicate {Duplicate:0.######}"));
        if (Reorder > 0) knobs.Add(Text($"reorder {Reorder:0.####} by {ReorderBy.TotalMilliseconds:0.###} ms"));
        if (Corrupt > 0) knobs.Add(Text($"corrupt {Corrupt:0.######}"));
        foreach (var gap in BlackOuts) knobs.Add(Text($"black-out at {gap.Start.TotalSeconds:0.#} s for {gap.Length.TotalSeconds:0.#} s"));
        if (Mtu != 1500 || !Fragments) knobs.Add(Text($"MTU {Mtu}{(Fragments ? "" : " black hole")}"));
        return knobs.Count == 0 ? Name : $"{Name} ({string.Join(", ", knobs)})";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
