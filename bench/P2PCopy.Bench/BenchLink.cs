namespace P2PCopy.Bench;

/// <summary>A cable to measure over.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Knobs">What the link emulator is told; null is a bare pair of virtual Ethernet interfaces.</param>
/// <param name="Bytes">How much goes over it in one run.</param>
internal sealed record BenchLink(string Name, string? Knobs, long Bytes)
{
    public static IReadOnlyList<BenchLink> All { get; } =
    [
        new("unshaped veth pair", null, 1L << 30),
        new("100 Mbit/s, 50 ms, no loss", "--rate 100M --delay 25ms --queue 256k", 256L << 20),
        new("100 Mbit/s, 50 ms, 1 % loss", "--rate 100M --delay 25ms --queue 256k --loss 0.01", 32L << 20),
    ];
}
