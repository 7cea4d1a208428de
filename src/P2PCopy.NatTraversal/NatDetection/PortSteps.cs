namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>Whether the ports of a symmetric NAT follow a rule by which the next can be foretold.</summary>
internal static class PortSteps
{
    private const int FewestPorts = 3;

    // NATs count in small steps, or in small ones of the upper byte when their counter lies in the other byte order. The more steps were
    // allowed, the more often ports drawn at random would look like some.
    private const int LargestStep = 16;
    private const int UpperByte = 256;
    private const int LargestOfUpperByte = 4 * UpperByte;

    // Other flows of the house take ports in between: so many at most, and fewer where two requests are said to have changed places, for
    // nearly any few ports can be put in some order.
    private const int MostForeign = 8;
    private const int MostForeignWhenChanged = 2;

    /// <summary>
    /// The step of ports in the order their requests left: their gaps all go one way and are small multiples of one number.
    /// <see langword="null"/>: too few ports, or no rule.
    /// </summary>
    /// <remarks>
    /// Requests that leave together may overtake each other before they reach the NAT. With enough ports to tell that from chance, two
    /// neighbours may have changed places.
    /// </remarks>
    public static int? Find(ReadOnlySpan<ushort> ports)
    {
        if (FindInOrder(ports, MostForeign) is { } step) return step;
        if (ports.Length <= FewestPorts) return null;
        var changed = ports.ToArray();
        for (var i = 1; i < changed.Length; i++)
        {
            (changed[i - 1], changed[i]) = (changed[i], changed[i - 1]);
            if (FindInOrder(changed, MostForeignWhenChanged) is { } found) return found;
            (changed[i - 1], changed[i]) = (changed[i], changed[i - 1]);
        }

        return null;
    }

    private static int? FindInOrder(ReadOnlySpan<ushort> ports, int mostForeign)
    {
        if (ports.Length < FewestPorts) return null;
        var step = 0;
        for (var i = 1; i < ports.Length; i++) step = GreatestCommonDivisor(step, Math.Abs(PortCircle.Gap(ports[i - 1], ports[i])));
        if (!IsPlausible(step)) return null;
        var direction = Math.Sign(PortCircle.Gap(ports[0], ports[1]));
        var foreign = 0;
        for (var i = 1; i < ports.Length; i++)
        {
            var gap = PortCircle.Gap(ports[i - 1], ports[i]);
            if (Math.Sign(gap) != direction) return null;
            foreign += (Math.Abs(gap) / step) - 1;
        }

        return foreign <= mostForeign ? direction * step : null;
    }

    private static bool IsPlausible(int step) => step is > 0 and <= LargestStep || (step > 0 && step % UpperByte == 0 && step <= LargestOfUpperByte);

    private static int GreatestCommonDivisor(int a, int b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }
}
