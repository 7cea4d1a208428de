using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using P2PCopy.NatTraversal.Channel;

namespace P2PCopy.Tests.Channel;

/// <summary>What lies on the wire, opened by another implementation of the ciphers with nonces and keys made by hand.</summary>
public sealed class SealedBytesTests
{
    /// <summary>Those of which there is another implementation here.</summary>
    public static TheoryData<DataCipher> Ciphers =>
        [.. Enum.GetValues<DataCipher>().Where(cipher => cipher.IsSupported() && (cipher != DataCipher.Aegis256 || Aegis256ByTheBook.IsSupported))];

    private static readonly byte[] Key = ChannelPair.Bytes(32, 1);

    // RFC 10032, the first test vector of AEGIS-256 with a tag of 256 bits: or the book says nothing.
    [Fact]
    public void The_other_implementation_of_AEGIS_opens_what_its_standard_sealed()
    {
        if (!Aegis256ByTheBook.IsSupported) return;
        byte[] key = [0x10, 0x01, .. new byte[30]];
        byte[] nonce = [0x10, 0x00, 0x02, .. new byte[29]];
        var ciphertext = "754fc3d8c973246dcc6d741412a4b2361181a1d18091082bf0266f66297d167d2e68b845f61a3b0527d31fc7b7b89f13";
        Assert.Equal(new byte[16], Aegis256ByTheBook.Decrypt(key, nonce, [], Convert.FromHexString(ciphertext)));
    }

    // PROTOCOL CHN-5, CHN-6.
    [Theory, MemberData(nameof(Ciphers))]
    internal void Another_implementation_opens_a_datagram(DataCipher cipher)
    {
        using var pair = new ChannelPair(cipher);
        for (var i = 0; i < 0x0102; i++) ChannelPair.Seal(pair.Initiator, [1]);
        var datagram = ChannelPair.Seal(pair.Initiator, ChannelPair.Bytes(100, 7));
        Assert.Equal("d5100000000000000000010280000002", Convert.ToHexStringLower(datagram[..16]));
        Assert.Equal(ChannelPair.Bytes(100, 7), Open(cipher, Key, Nonce(cipher, low: 0x02, high: 0x01), datagram));
    }

    // PROTOCOL CHN-10.
    [Theory, MemberData(nameof(Ciphers))]
    internal void The_key_of_the_next_epoch_is_derived_from_the_last(DataCipher cipher)
    {
        using var pair = new ChannelPair(cipher, packetsPerEpoch: 1);
        for (var i = 0; i < 2; i++) ChannelPair.Seal(pair.Initiator, [1]);
        var datagram = ChannelPair.Seal(pair.Initiator, [1, 2, 3]);
        Assert.Equal(2, datagram[2]);
        Assert.Equal([1, 2, 3], Open(cipher, Next(Next(Key)), Nonce(cipher, 0, 0), datagram));
    }

    // One block of HKDF-Expand is one HMAC (RFC 5869, section 2.3).
    private static byte[] Next(byte[] key) => HMACSHA256.HashData(key, (byte[])[.. "p2pcopy rekey"u8, 1]);

    private static byte[] Nonce(DataCipher cipher, byte low, byte high) => cipher switch
    {
        DataCipher.Aegis256 => [.. new byte[30], high, low],
        DataCipher.Aes256Gcm => [.. new byte[10], high, low],
        _ => [.. new byte[4], low, high, .. new byte[6]],
    };

    private static byte[] Open(DataCipher cipher, byte[] key, byte[] nonce, byte[] datagram)
    {
        if (cipher == DataCipher.Aegis256) return Aegis256ByTheBook.Decrypt(key, nonce, datagram[..16], datagram[16..]);
        IAeadCipher other = cipher == DataCipher.Aes256Gcm
            ? new GcmBlockCipher(AesUtilities.CreateEngine())
            : new Org.BouncyCastle.Crypto.Modes.ChaCha20Poly1305();
        other.Init(false, new AeadParameters(new KeyParameter(key), 128, nonce, datagram[..16]));
        var inner = new byte[datagram.Length - 32];
        var written = other.ProcessBytes(datagram, 16, datagram.Length - 16, inner, 0);
        other.DoFinal(inner, written);
        return inner;
    }
}
