using System.Buffers.Binary;
using NSec.Cryptography;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>What seals the datagrams of a session.</summary>
public enum DataCipher : byte
{
    /// <summary>ChaCha20-Poly1305 (RFC 8439): fast on every processor.</summary>
    ChaCha20Poly1305,

    /// <summary>AES-256-GCM (NIST SP 800-38D), where both ends have instructions for AES.</summary>
    Aes256Gcm,

    /// <summary>AEGIS-256 with tags of 256 bits (RFC 10032): half the time of AES-256-GCM and 16 bytes more, for links faster than a processor.</summary>
    Aegis256,
}

/// <summary>What the channel asks of a cipher.</summary>
internal static class DataCipherAlgorithm
{
    /// <summary>Bytes of a key; the same for all ciphers.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of the longest nonce.</summary>
    public const int LongestNonce = 32;

    /// <summary>Bytes of the shortest tag.</summary>
    public const int ShortestTag = 16;

    /// <summary>Whether this processor has the instructions for <paramref name="cipher"/>: for AES, which ChaCha20-Poly1305 does without.</summary>
    public static bool IsSupported(this DataCipher cipher) => cipher == DataCipher.ChaCha20Poly1305 || Aes256Gcm.IsSupported;

    /// <summary>The cipher of a session between two ends, in epoch 0 at least. PROTOCOL CHN-4.</summary>
    /// <param name="bothHaveAes">Whether AES-256-GCM <see cref="IsSupported"/> on both sides.</param>
    public static DataCipher Choose(bool bothHaveAes) => bothHaveAes ? DataCipher.Aes256Gcm : DataCipher.ChaCha20Poly1305;

    /// <summary>The implementation.</summary>
    /// <exception cref="PlatformNotSupportedException">This processor cannot run it.</exception>
    public static AeadAlgorithm Algorithm(this DataCipher cipher) => cipher switch
    {
        DataCipher.Aes256Gcm => AeadAlgorithm.Aes256Gcm,
        DataCipher.Aegis256 => AeadAlgorithm.Aegis256,
        _ => AeadAlgorithm.ChaCha20Poly1305,
    };

    /// <summary>
    /// Zero bytes, then the counter in the byte order which the Noise framework (revision 34, section 12) gives the cipher; AEGIS-256, which
    /// it does not know, has that of AES-256-GCM.
    /// </summary>
    /// <param name="cipher">Which cipher.</param>
    /// <param name="counter">The datagram's.</param>
    /// <param name="nonce">As many bytes as the cipher's nonces have.</param>
    public static void WriteNonce(this DataCipher cipher, ulong counter, Span<byte> nonce)
    {
        // PROTOCOL CHN-5.
        var number = nonce[^sizeof(ulong)..];
        nonce[..^sizeof(ulong)].Clear();
        if (cipher == DataCipher.ChaCha20Poly1305) BinaryPrimitives.WriteUInt64LittleEndian(number, counter);
        else BinaryPrimitives.WriteUInt64BigEndian(number, counter);
    }
}
