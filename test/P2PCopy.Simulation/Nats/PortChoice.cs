namespace P2PCopy.Simulation.Nats;

/// <summary>Which outside port a NAT gives to a new mapping (RFC 4787 §4.2.1).</summary>
public readonly record struct PortChoice
{
    private PortChoice(bool preserves, int step)
    {
        Preserves = preserves;
        Step = step;
    }

    /// <summary>The same as inside; another at random when that is taken.</summary>
    public static PortChoice Preserve { get; } = new(true, 0);

    /// <summary>Any free one, without a pattern.</summary>
    public static PortChoice Random { get; } = new(false, 0);

    /// <summary>Whether the inside port is kept.</summary>
    public bool Preserves { get; }

    /// <summary>The distance from mapping to mapping; 0 when there is no pattern.</summary>
    public int Step { get; }

    /// <summary>The last one plus <paramref name="step"/>. Real: 1 or 2, seldom more, sometimes downwards.</summary>
    public static PortChoice Sequential(int step) => new(false, step);

    /// <inheritdoc/>
    public override string ToString() => Preserves ? "preserve" : Step == 0 ? "random" : $"step {Step}";
}
