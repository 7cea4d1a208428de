using System.Buffers.Binary;

namespace P2PCopy.NatTraversal.Sealed;

/// <summary>Tells the first packet of the original program, a rendezvous handshake of UDT 4, from all else.</summary>
internal static class OriginalHandshake
{
    private const int Length = 64;
    private const uint Handshake = 0x8000_0000;
    private const uint Version = 4;

    /// <summary>Whether the datagram is a UDT 4 handshake of a rendezvous, or of a caller.</summary>
    public static bool Matches(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length != Length) return false;
        var request = BinaryPrimitives.ReadInt32BigEndian(datagram[36..]);
        return BinaryPrimitives.ReadUInt32BigEndian(datagram) == Handshake
            && BinaryPrimitives.ReadUInt32BigEndian(datagram[12..]) == 0
            && BinaryPrimitives.ReadUInt32BigEndian(datagram[16..]) == Version
            && request is 0 or -1;
    }
}
