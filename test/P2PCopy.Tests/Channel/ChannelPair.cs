using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.Tests.Channel;

/// <summary>Both ends of one session with fixed keys, and the time.</summary>
internal sealed class ChannelPair : IDisposable
{
    private static readonly byte[] InitiatorToResponder = Bytes(32, 1);
    private static readonly byte[] ResponderToInitiator = Bytes(32, 2);

    public ChannelPair(DataCipher cipher = DataCipher.ChaCha20Poly1305, ulong packetsPerEpoch = SecureChannel.PacketsPerEpoch)
    {
        Initiator = new SecureChannel(cipher, true, InitiatorToResponder, ResponderToInitiator, 0x8000_0001, 0x8000_0002, packetsPerEpoch);
        Responder = new SecureChannel(cipher, false, InitiatorToResponder, ResponderToInitiator, 0x8000_0002, 0x8000_0001, packetsPerEpoch);
    }

    public static TheoryData<DataCipher> Ciphers => [.. Enum.GetValues<DataCipher>().Where(cipher => cipher.IsSupported())];

    public SecureChannel Initiator { get; }

    public SecureChannel Responder { get; }

    public Instant Now { get; set; } = Instant.Zero;

    /// <summary>Bytes that differ by seed.</summary>
    public static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Seal(SecureChannel from, byte[] inner, PacketType type = PacketType.Data)
    {
        var datagram = new byte[inner.Length + from.Overhead];
        Assert.Equal(datagram.Length, from.Seal(type, inner, datagram));
        return datagram;
    }

    /// <summary>What was sealed, or nothing if it is refused.</summary>
    public byte[]? Open(SecureChannel to, byte[] datagram) => Open(to, datagram, out _);

    public byte[]? Open(SecureChannel to, byte[] datagram, out OpenedPacket opened)
    {
        var inner = new byte[2048];
        return to.TryOpen(datagram, inner, Now, out opened) ? inner[..opened.Length] : null;
    }

    public void Dispose()
    {
        Initiator.Dispose();
        Responder.Dispose();
    }
}
