using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// A key of AES-256-GCM, expanded once instead of for each packet: the library's calls for many short messages under one key, which NSec
/// does not pass on. Its bytes are in guarded memory of the library, which wipes them. See decision 0017.
/// </summary>
/// <remarks>Source: libsodium's manual, "AES256-GCM with precomputation". For one thread at a time.</remarks>
internal sealed unsafe class ExpandedAesKey : SafeHandle
{
    private const string Library = "libsodium";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Expands a key of 32 bytes; the processor has instructions for AES.</summary>
    public ExpandedAesKey(ReadOnlySpan<byte> key)
        : base(0, ownsHandle: true)
    {
        // NSec has prepared the library when it looked what the processor can do.
        if (!DataCipher.Aes256Gcm.IsSupported()) throw new PlatformNotSupportedException();
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, DataCipherAlgorithm.KeyLength);
        SetHandle(Allocate(StateBytes()));
        if (IsInvalid) throw new CryptographicException("no guarded memory for a key");
        fixed (byte* bytes = key) _ = Expand(handle, bytes);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Writes the ciphertext and the tag. <paramref name="inner"/> and <paramref name="result"/> may begin at the same byte, else they do not overlap.</summary>
    public void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> header, ReadOnlySpan<byte> inner, Span<byte> result)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, inner.Length + TagLength);
        fixed (byte* to = result, from = inner, data = header, number = nonce)
            _ = Encrypt(to, null, from, (ulong)inner.Length, data, (ulong)header.Length, null, number, handle);
    }

    /// <summary>Writes the plaintext if the tag is genuine; what is written is undefined if not.</summary>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> header, ReadOnlySpan<byte> ciphertext, Span<byte> inner)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nonce.Length, NonceLength);
        if (ciphertext.Length < TagLength) return false;
        ArgumentOutOfRangeException.ThrowIfNotEqual(inner.Length, ciphertext.Length - TagLength);
        fixed (byte* to = inner, from = ciphertext, data = header, number = nonce)
            return Decrypt(to, null, null, from, (ulong)ciphertext.Length, data, (ulong)header.Length, number, handle) == 0;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Free(handle);
        return true;
    }

    [DllImport(Library, EntryPoint = "crypto_aead_aes256gcm_statebytes")]
    private static extern nuint StateBytes();

    [DllImport(Library, EntryPoint = "sodium_malloc")]
    private static extern nint Allocate(nuint bytes);

    [DllImport(Library, EntryPoint = "sodium_free")]
    private static extern void Free(nint memory);

    [DllImport(Library, EntryPoint = "crypto_aead_aes256gcm_beforenm")]
    private static extern int Expand(nint state, byte* key);

    // A packet takes less than a microsecond, so the collector need not be told that native code runs.
    [DllImport(Library, EntryPoint = "crypto_aead_aes256gcm_encrypt_afternm"), SuppressGCTransition]
    private static extern int Encrypt(
        byte* result, ulong* resultLength, byte* inner, ulong innerLength, byte* header, ulong headerLength, byte* secretNonce, byte* nonce, nint state);

    [DllImport(Library, EntryPoint = "crypto_aead_aes256gcm_decrypt_afternm"), SuppressGCTransition]
    private static extern int Decrypt(
        byte* inner, ulong* innerLength, byte* secretNonce, byte* ciphertext, ulong ciphertextLength, byte* header, ulong headerLength, byte* nonce, nint state);
}
