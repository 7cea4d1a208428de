namespace P2PCopy.Simulation.Nats;

/// <summary>Which outside port a NAT gives to a new mapping (RFC 4787 §4.2.1).</summary>
public readonly record struct PortChoice
{
    private PortChoice(bool preserves, int step, int lowest = 1024, int highest = 65535) =>
        (Preserves, Step, Lowest, Highest) = (preserves, step, lowest, highest);

    /// <summary>The same as inside; another at random when that is taken.</summary>
    public static PortChoice Preserve { get; } = new(true, 0);

    /// <summary>Any free one, without a pattern.</summary>
    public static PortChoice Random { get; } = new(false, 0);

    /// <summary>Any free one of a block, as carriers give one to each customer (RFC 7422).</summary>
    public static PortChoice Within(int lowest, int highest) => new(false, 0, lowest, highest);

    /// <summary>The lowest port that is given.</summary>
    public int Lowest { get; }

    /// <summary>The highest port that is given.</summary>
    public int Highest { get; }

    /// <summary>Whether the inside port is kept.</summary>
    public bool Preserves { get; }

    /// <summary>The distance from mapping to mapping; 0 when there is no pattern.</summary>
    public int Step { get; }

    /// <summary>The last one plus <paramref name="step"/>. Real: 1 or 2, seldom more, sometimes downwards.</summary>
    public static PortChoice Sequential(int step) => new(false, step);

    /// <inheritdoc/>
    public override string ToString() => Preserves ? "preserve" : Step == 0 ? $"random in {Lowest}-{Highest}" : $"step {Step}";
}
