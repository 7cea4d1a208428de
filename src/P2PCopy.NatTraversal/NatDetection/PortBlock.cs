using System.Numerics;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>Whether a provider's NAT gives this customer a block of ports of its own (RFC 7422 describes such NATs).</summary>
internal static class PortBlock
{
    private const int FewestPorts = 4;
    private const int Smallest = 512;
    private const int Largest = 4096;

    /// <summary>
    /// The block from which these ports seem to be drawn: twice the smallest aligned one that holds them all, since few draws hardly
    /// show its edges. <see langword="null"/>: too few ports, or spread too widely.
    /// </summary>
    public static PortRange? Find(ReadOnlySpan<ushort> ports)
    {
        if (ports.Length < FewestPorts) return null;
        var differing = 0u;
        foreach (var port in ports) differing |= (uint)(port ^ ports[0]);
        var size = 1 << (32 - BitOperations.LeadingZeroCount(differing));
        if (size > Largest) return null;
        size = Math.Clamp(size * 2, Smallest, Largest);
        var lowest = ports[0] & ~(size - 1);
        return new PortRange((ushort)Math.Max(lowest, 1), (ushort)(lowest + size - 1));
    }
}
