using System.Collections.Concurrent;

namespace P2PCopy.Udt;

/// <summary>
/// Memory for the packets of connections that are still to come. To make it and touch it first takes longer than to fill it, and
/// collects garbage on the way; while an application waits for its peer nobody misses that time, and at the start of a transfer everybody
/// does. What nobody takes costs its bytes.
/// </summary>
public sealed class PacketMemory
{
    // The content of as many packets as a connection takes at once, each as long as Ethernet carries.
    private const int PieceBytes = PieceRing<byte>.MostPieceSlots * (1500 - UdtOptions.HeaderBytes);
    private const int PageBytes = 4096;

    private readonly ConcurrentStack<byte[]> _pieces = [];

    /// <summary>Makes so much of it; blocks meanwhile. From any thread.</summary>
    /// <param name="packets">For how many packets.</param>
    public void Make(int packets)
    {
        for (var left = packets; left > 0; left -= PieceRing<byte>.MostPieceSlots)
        {
            var piece = GC.AllocateUninitializedArray<byte>(PieceBytes, pinned: true);
            for (var i = 0; i < piece.Length; i += PageBytes) piece[i] = 0;
            _pieces.Push(piece);
        }
    }

    /// <summary>A piece of at least so many bytes, if one is there that is not much too large.</summary>
    internal byte[]? TryTake(int bytes) => bytes is > PieceBytes / 2 and <= PieceBytes && _pieces.TryPop(out var piece) ? piece : null;
}
