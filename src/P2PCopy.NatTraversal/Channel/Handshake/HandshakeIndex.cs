using System.Buffers.Binary;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>The receiver index that a side chooses: 31 random bits and the bit that all have.</summary>
internal static class HandshakeIndex
{
    /// <summary>That of a first message to somebody whose key is unknown.</summary>
    public const uint Bare = 0xffff_ffff;

    /// <summary>A new one. <see cref="Bare"/> is never drawn.</summary>
    public static uint Draw(IRandomBytes random)
    {
        Span<byte> bytes = stackalloc byte[4];
        uint index;
        do
        {
            random.Fill(bytes);
            index = BinaryPrimitives.ReadUInt32BigEndian(bytes) | DatagramHeader.IndexFlag;
        }
        while (index == Bare);
        return index;
    }
}
