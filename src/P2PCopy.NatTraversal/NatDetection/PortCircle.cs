namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>
/// The ports in the order in which a NAT that steps gives them, round and round: behind 65535 comes 1024, unless it was seen to give
/// ports below that.
/// </summary>
// PROTOCOL PATH-18.
internal static class PortCircle
{
    private const int Lowest = 1024;
    private const int Above = ushort.MaxValue + 1;

    /// <summary>The port so far behind another one; 0 is none.</summary>
    public static ushort Add(ushort port, int distance)
    {
        if (port < Lowest) return (ushort)(port + distance);
        const int Count = Above - Lowest;
        return (ushort)(Lowest + ((((port - Lowest + distance) % Count) + Count) % Count));
    }

    /// <summary>How far it is from one port to another, the shorter way round: negative where that is backwards.</summary>
    public static int Gap(ushort from, ushort to)
    {
        var count = from < Lowest || to < Lowest ? Above : Above - Lowest;
        var gap = to - from;
        return gap > count / 2 ? gap - count : gap < -count / 2 ? gap + count : gap;
    }
}
