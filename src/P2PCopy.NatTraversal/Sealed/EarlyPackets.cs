namespace P2PCopy.NatTraversal.Sealed;

/// <summary>
/// What the peer's transport sent before this side has one: its first packets can come with the very datagram that makes this side
/// ready. Kept, they save the time until they would be sent again. Bounded, and from an authenticated peer alone.
/// </summary>
internal sealed class EarlyPackets
{
    private const int Most = 16;

    private readonly Queue<byte[]> _packets = new();

    /// <summary>Whether there are any.</summary>
    public bool Any => _packets.Count > 0;

    /// <summary>Keeps one, if there is room.</summary>
    public void Keep(ReadOnlySpan<byte> packet)
    {
        if (_packets.Count < Most) _packets.Enqueue(packet.ToArray());
    }

    /// <summary>Takes the oldest.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out byte[]? packet) => _packets.TryDequeue(out packet);
}
