using System.Security.Cryptography;
using NSec.Cryptography;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>What seals the datagrams of one direction in one epoch. Its bytes are in guarded memory of the library, and wiped when it is disposed.</summary>
internal sealed class DataKey : IDisposable
{
    private readonly AeadAlgorithm _algorithm;
    private readonly Key _key;
    private readonly ExpandedAesKey? _expanded;

    /// <summary>Takes over a secret.</summary>
    /// <param name="cipher">What it is for.</param>
    /// <param name="secret">32 bytes; the caller wipes them.</param>
    public DataKey(DataCipher cipher, ReadOnlySpan<byte> secret)
    {
        (Cipher, _algorithm) = (cipher, cipher.Algorithm());
        var exportable = new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        _key = Key.Import(_algorithm, secret, KeyBlobFormat.RawSymmetricKey, exportable);
        if (cipher == DataCipher.Aes256Gcm) _expanded = new ExpandedAesKey(secret);
    }

    /// <summary>What it is for.</summary>
    public DataCipher Cipher { get; }

    /// <summary>Bytes that sealing adds to what is sealed.</summary>
    public int TagLength => _algorithm.TagSize;

    /// <summary>The key of the next epoch.</summary>
    public DataKey Successor()
    {
        Span<byte> secret = stackalloc byte[DataCipherAlgorithm.KeyLength];
        Span<byte> successor = stackalloc byte[DataCipherAlgorithm.KeyLength];
        _key.TryExport(KeyBlobFormat.RawSymmetricKey, secret, out _);
        KeySchedule.Rekey(secret, successor);
        var next = new DataKey(Cipher, successor);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(successor);
        return next;
    }

    /// <summary>Writes the ciphertext and the tag.</summary>
    /// <param name="counter">The datagram's; never twice with one key.</param>
    /// <param name="header">What is authenticated beside.</param>
    /// <param name="inner">What is sealed. It may begin at the very byte where the result does, else they must not overlap.</param>
    /// <param name="result"><see cref="TagLength"/> bytes more.</param>
    public void Seal(ulong counter, ReadOnlySpan<byte> header, ReadOnlySpan<byte> inner, Span<byte> result)
    {
        Span<byte> nonce = stackalloc byte[DataCipherAlgorithm.LongestNonce];
        nonce = nonce[.._algorithm.NonceSize];
        Cipher.WriteNonce(counter, nonce);
        if (_expanded is not null) _expanded.Seal(nonce, header, inner, result);
        else _algorithm.Encrypt(_key, nonce, header, inner, result);
    }

    /// <summary>Writes the plaintext if the tag is genuine; what is written is undefined if not.</summary>
    public bool TryOpen(ulong counter, ReadOnlySpan<byte> header, ReadOnlySpan<byte> ciphertext, Span<byte> inner)
    {
        Span<byte> nonce = stackalloc byte[DataCipherAlgorithm.LongestNonce];
        nonce = nonce[.._algorithm.NonceSize];
        Cipher.WriteNonce(counter, nonce);
        return _expanded is not null
            ? _expanded.TryOpen(nonce, header, ciphertext, inner)
            : _algorithm.Decrypt(_key, nonce, header, ciphertext, inner);
    }

    /// <summary>Wipes it.</summary>
    public void Dispose()
    {
        _expanded?.Dispose();
        _key.Dispose();
    }
}
