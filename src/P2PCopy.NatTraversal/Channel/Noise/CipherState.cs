using System.Buffers.Binary;
using NSec.Cryptography;

namespace P2PCopy.NatTraversal.Channel.Noise;

/// <summary>A ChaCha20-Poly1305 key with its counter of nonces (Noise revision 34, section 5.1); without a key it passes bytes as they are.</summary>
internal sealed class CipherState : IDisposable
{
    /// <summary>Bytes that sealing adds.</summary>
    public const int TagLength = 16;

    private Key? _key;
    private ulong _nonce;

    /// <summary>Bytes that <see cref="Seal"/> adds to a message now.</summary>
    public int Overhead => _key is null ? 0 : TagLength;

    /// <summary>Takes a new key of 32 bytes, counting from zero again.</summary>
    public void Initialize(ReadOnlySpan<byte> key)
    {
        _key?.Dispose();
        _key = Key.Import(AeadAlgorithm.ChaCha20Poly1305, key, KeyBlobFormat.RawSymmetricKey);
        _nonce = 0;
    }

    /// <summary>Encrypts; <paramref name="sealedBytes"/> is longer by exactly <see cref="Overhead"/>.</summary>
    public void Seal(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes)
    {
        if (_key is null)
        {
            plaintext.CopyTo(sealedBytes);
            return;
        }

        Span<byte> nonce = stackalloc byte[12];
        AeadAlgorithm.ChaCha20Poly1305.Encrypt(_key, Next(nonce), associated, plaintext, sealedBytes);
    }

    /// <summary>Decrypts; <paramref name="plaintext"/> is shorter by exactly <see cref="Overhead"/>. <see langword="false"/>: not sealed with this key.</summary>
    public bool TryOpen(ReadOnlySpan<byte> associated, ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext)
    {
        if (_key is null)
        {
            sealedBytes.CopyTo(plaintext);
            return true;
        }

        Span<byte> nonce = stackalloc byte[12];
        return AeadAlgorithm.ChaCha20Poly1305.Decrypt(_key, Next(nonce), associated, sealedBytes, plaintext);
    }

    /// <summary>Wipes the key.</summary>
    public void Dispose()
    {
        _key?.Dispose();
        _key = null;
    }

    // A handshake has few messages: the counter never comes near its end.
    private ReadOnlySpan<byte> Next(Span<byte> nonce)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], _nonce++);
        return nonce;
    }
}
