namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>Whether the ports of a symmetric NAT follow a rule by which the next can be foretold.</summary>
internal static class PortSteps
{
    private const int FewestPorts = 3;
    private const int LargestStep = 1024;

    // Other flows of the house take ports in between, so a gap may be a few steps wide.
    private const int WidestGap = 8;

    /// <summary>
    /// The step of ports in the order their mappings were made: their gaps all go one way and are small multiples of one number.
    /// <see langword="null"/>: too few ports, or no rule.
    /// </summary>
    public static int? Find(ReadOnlySpan<ushort> ports)
    {
        if (ports.Length < FewestPorts) return null;
        var step = 0;
        for (var i = 1; i < ports.Length; i++) step = GreatestCommonDivisor(step, Math.Abs(Gap(ports[i - 1], ports[i])));
        if (step is 0 or > LargestStep) return null;
        var direction = Math.Sign(Gap(ports[0], ports[1]));
        for (var i = 1; i < ports.Length; i++)
        {
            var gap = Gap(ports[i - 1], ports[i]);
            if (Math.Sign(gap) != direction || Math.Abs(gap) > WidestGap * step) return null;
        }

        return direction * step;
    }

    // Ports may wrap around between two mappings.
    private static int Gap(ushort from, ushort to) => (short)(to - from);

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
