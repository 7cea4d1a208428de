using System.Security.Cryptography;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>
/// The codes at the end of handshake datagrams. The key follows from the receiver's public key, so who has not seen its ticket cannot
/// make it spend more than one HMAC. In Noise XX nobody knows a key before, and the code only tells damage.
/// </summary>
// PROTOCOL KEY-2.
internal sealed class HandshakeMac
{
    private readonly byte[] _key;

    private HandshakeMac(byte[] key) => _key = key;

    /// <summary>For datagrams of Noise XX.</summary>
    public static HandshakeMac Bare { get; } = new(KeySchedule.BareMac1Key.ToArray());

    /// <summary>For datagrams of Noise IK to the holder of this key.</summary>
    public static HandshakeMac To(PublicKey receiver) => new(KeySchedule.Mac1Key(receiver));

    /// <summary>Writes a whole datagram and returns its length.</summary>
    public int Write(HandshakePacket packet, Span<byte> destination)
    {
        var length = packet.Write(destination);
        var covered = length - HandshakePacket.MacLength;
        KeySchedule.Mac1(_key, destination[..covered], destination[covered..length]);
        return length;
    }

    /// <summary>Whether the code at the end of a datagram is right.</summary>
    public bool Verify(ReadOnlySpan<byte> datagram)
    {
        Span<byte> mac = stackalloc byte[HandshakePacket.MacLength];
        KeySchedule.Mac1(_key, datagram[..^HandshakePacket.MacLength], mac);
        return CryptographicOperations.FixedTimeEquals(mac, datagram[^HandshakePacket.MacLength..]);
    }
}
