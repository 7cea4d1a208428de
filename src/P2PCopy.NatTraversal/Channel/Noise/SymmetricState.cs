using System.Security.Cryptography;

namespace P2PCopy.NatTraversal.Channel.Noise;

/// <summary>Chaining key, transcript hash and cipher of a handshake (Noise revision 34, section 5.2).</summary>
internal sealed class SymmetricState : IDisposable
{
    /// <summary>Bytes of a hash and of a chaining key.</summary>
    public const int HashLength = 32;

    private readonly CipherState _cipher = new();
    private readonly byte[] _chainingKey = new byte[HashLength];
    private readonly byte[] _hash = new byte[HashLength];

    /// <param name="name">The protocol's name; those of this folder have exactly 32 bytes and so are the first hash themselves.</param>
    public SymmetricState(ReadOnlySpan<byte> name)
    {
        name.CopyTo(_hash);
        name.CopyTo(_chainingKey);
    }

    /// <summary>Hash of all that was said so far.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Bytes that <see cref="EncryptAndHash"/> adds now.</summary>
    public int Overhead => _cipher.Overhead;

    /// <summary>Stirs a Diffie-Hellman result into the keys.</summary>
    public void MixKey(ReadOnlySpan<byte> secret)
    {
        Span<byte> keys = stackalloc byte[2 * HashLength];
        Derive(secret, keys);
        keys[..HashLength].CopyTo(_chainingKey);
        _cipher.Initialize(keys[HashLength..]);
        CryptographicOperations.ZeroMemory(keys);
    }

    /// <summary>Stirs public bytes into the transcript.</summary>
    public void MixHash(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_hash);
        hash.AppendData(data);
        hash.GetHashAndReset(_hash);
    }

    /// <summary>Seals, and stirs what goes out into the transcript.</summary>
    public void EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> sealedBytes)
    {
        _cipher.Seal(_hash, plaintext, sealedBytes);
        MixHash(sealedBytes);
    }

    /// <summary>Opens, and stirs what came in into the transcript; <see langword="false"/> when it was forged.</summary>
    public bool TryDecryptAndHash(ReadOnlySpan<byte> sealedBytes, Span<byte> plaintext)
    {
        if (!_cipher.TryOpen(_hash, sealedBytes, plaintext)) return false;
        MixHash(sealedBytes);
        return true;
    }

    /// <summary>The two keys for what follows the handshake.</summary>
    public void Split(Span<byte> initiatorToResponder, Span<byte> responderToInitiator)
    {
        Span<byte> keys = stackalloc byte[2 * HashLength];
        Derive([], keys);
        keys[..HashLength].CopyTo(initiatorToResponder);
        keys[HashLength..].CopyTo(responderToInitiator);
        CryptographicOperations.ZeroMemory(keys);
    }

    /// <summary>Wipes all keys. The hash is no secret and stays readable.</summary>
    public void Dispose()
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_chainingKey);
    }

    // Section 4.3 with two outputs. The framework's HKDF is the same function, but OpenSSL refuses it the empty secret of Split.
    private void Derive(ReadOnlySpan<byte> secret, Span<byte> keys)
    {
        Span<byte> pseudoRandomKey = stackalloc byte[HashLength];
        Span<byte> second = stackalloc byte[HashLength + 1];
        HMACSHA256.HashData(_chainingKey, secret, pseudoRandomKey);
        HMACSHA256.HashData(pseudoRandomKey, [1], keys[..HashLength]);
        keys[..HashLength].CopyTo(second);
        second[HashLength] = 2;
        HMACSHA256.HashData(pseudoRandomKey, second, keys[HashLength..]);
        CryptographicOperations.ZeroMemory(pseudoRandomKey);
        CryptographicOperations.ZeroMemory(second);
    }
}
