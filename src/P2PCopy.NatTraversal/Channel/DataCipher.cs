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
}

/// <summary>What the channel asks of a cipher.</summary>
internal static class DataCipherAlgorithm
{
    /// <summary>Bytes of a key; the same for all ciphers.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a nonce; the same for all ciphers.</summary>
    public const int NonceLength = 12;

    /// <summary>Bytes that authenticate a datagram; the same for all ciphers.</summary>
    public const int TagLength = 16;

    /// <summary>Whether this processor has the instructions for <paramref name="cipher"/>; ChaCha20-Poly1305 needs none.</summary>
    public static bool IsSupported(this DataCipher cipher) => cipher != DataCipher.Aes256Gcm || Aes256Gcm.IsSupported;

    /// <summary>The cipher of a session between two ends. PROTOCOL CHN-4.</summary>
    /// <param name="bothHaveAes">Whether AES-256-GCM <see cref="IsSupported"/> on both sides.</param>
    public static DataCipher Choose(bool bothHaveAes) => bothHaveAes ? DataCipher.Aes256Gcm : DataCipher.ChaCha20Poly1305;

    /// <summary>The implementation.</summary>
    /// <exception cref="PlatformNotSupportedException">This processor cannot run it.</exception>
    public static AeadAlgorithm Algorithm(this DataCipher cipher) =>
        cipher == DataCipher.Aes256Gcm ? AeadAlgorithm.Aes256Gcm : AeadAlgorithm.ChaCha20Poly1305;

    /// <summary>Four zero bytes, then the counter in the byte order which the Noise framework (revision 34, section 12) gives the cipher.</summary>
    /// <param name="cipher">Which cipher.</param>
    /// <param name="counter">The datagram's.</param>
    /// <param name="nonce">Exactly <see cref="NonceLength"/> bytes.</param>
    public static void WriteNonce(this DataCipher cipher, ulong counter, Span<byte> nonce)
    {
        // PROTOCOL CHN-5.
        nonce[..4].Clear();
        if (cipher == DataCipher.Aes256Gcm) BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], counter);
        else BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], counter);
    }
}
