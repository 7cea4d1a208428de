using System.Buffers.Binary;
using System.Diagnostics;
using System.Security.Cryptography;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// Everything that is hashed or derived around the Noise handshakes. Parts stand behind each other without lengths between them: every
/// part has a fixed length.
/// </summary>
internal static class KeySchedule
{
    /// <summary>Bytes of every key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a handshake's hash.</summary>
    public const int HashLength = 32;

    /// <summary>Bytes of the random number that each side puts into the words.</summary>
    public const int NonceLength = 16;

    /// <summary>Bytes of the initiator's commitment.</summary>
    public const int CommitmentLength = 16;

    /// <summary>Bytes of the code behind every handshake message.</summary>
    public const int Mac1Length = 16;

    /// <summary>Bytes that are spoken as words.</summary>
    public const int WordBytes = 4;

    private static readonly byte[] BareKey = SHA256.HashData("p2pcopy mac1 bare"u8);

    // PROTOCOL KEY-2.

    /// <summary>The key of <see cref="Mac1"/> where no key is known: it tells damage only.</summary>
    public static ReadOnlySpan<byte> BareMac1Key => BareKey;

    /// <summary>The key of <see cref="Mac1"/> for messages to the holder of a known static key.</summary>
    public static byte[] Mac1Key(PublicKey receiver)
    {
        var key = new byte[KeyLength];
        Hash("p2pcopy mac1"u8, receiver, key);
        return key;
    }

    /// <summary>Writes the code of a handshake datagram.</summary>
    /// <param name="key">From <see cref="Mac1Key"/> or <see cref="BareMac1Key"/>.</param>
    /// <param name="bytes">All bytes before the code, the header included.</param>
    /// <param name="mac">16 bytes.</param>
    public static void Mac1(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes, whole);
        whole[..Mac1Length].CopyTo(mac);
    }

    // PROTOCOL KEY-3.

    /// <summary>The receiver index of a first message to the holder of a known key.</summary>
    public static uint InitIndex(PublicKey responder)
    {
        Span<byte> hash = stackalloc byte[HashLength];
        Hash("p2pcopy idx"u8, responder, hash);
        return BinaryPrimitives.ReadUInt32BigEndian(hash) | DatagramHeader.IndexFlag;
    }

    // PROTOCOL KEY-4.

    /// <summary>Writes what the initiator says of its nonce before it knows the responder's.</summary>
    /// <param name="nonce">16 random bytes.</param>
    /// <param name="commitment">16 bytes.</param>
    public static void Commit(ReadOnlySpan<byte> nonce, Span<byte> commitment)
    {
        CheckLength(nonce, NonceLength);
        var label = "p2pcopy commit"u8;
        Span<byte> input = stackalloc byte[label.Length + NonceLength];
        label.CopyTo(input);
        nonce.CopyTo(input[label.Length..]);
        Span<byte> hash = stackalloc byte[HashLength];
        SHA256.HashData(input, hash);
        hash[..CommitmentLength].CopyTo(commitment);
    }

    // PROTOCOL KEY-5.

    /// <summary>Writes the four bytes that the users compare as words.</summary>
    /// <param name="hash">Of the whole handshake.</param>
    /// <param name="initiatorNonce">16 bytes, after the commitment to them was checked.</param>
    /// <param name="responderNonce">16 bytes.</param>
    /// <param name="words">4 bytes.</param>
    public static void VerificationWords(
        ReadOnlySpan<byte> hash, ReadOnlySpan<byte> initiatorNonce, ReadOnlySpan<byte> responderNonce, Span<byte> words)
    {
        CheckLength(hash, HashLength);
        CheckLength(initiatorNonce, NonceLength);
        CheckLength(responderNonce, NonceLength);
        Span<byte> input = stackalloc byte[HashLength + (2 * NonceLength)];
        hash.CopyTo(input);
        initiatorNonce.CopyTo(input[HashLength..]);
        responderNonce.CopyTo(input[(HashLength + NonceLength)..]);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, input, words[..WordBytes], "p2pcopy sas v1"u8, []);
    }

    // PROTOCOL KEY-6.

    /// <summary>Writes the keys of epoch 1 from those of epoch 0 and the secret of the key encapsulation.</summary>
    /// <param name="hash">Of the whole handshake.</param>
    /// <param name="oldInitiatorToResponder">Key of epoch 0.</param>
    /// <param name="oldResponderToInitiator">Key of epoch 0.</param>
    /// <param name="sharedSecret">32 bytes of ML-KEM-768.</param>
    /// <param name="kemKey">The encapsulation key as it was sent.</param>
    /// <param name="kemCiphertext">The ciphertext as it was sent.</param>
    /// <param name="initiatorToResponder">Key of epoch 1.</param>
    /// <param name="responderToInitiator">Key of epoch 1.</param>
    public static void PostQuantum(
        ReadOnlySpan<byte> hash,
        ReadOnlySpan<byte> oldInitiatorToResponder,
        ReadOnlySpan<byte> oldResponderToInitiator,
        ReadOnlySpan<byte> sharedSecret,
        ReadOnlySpan<byte> kemKey,
        ReadOnlySpan<byte> kemCiphertext,
        Span<byte> initiatorToResponder,
        Span<byte> responderToInitiator)
    {
        CheckLength(hash, HashLength);
        CheckLength(oldInitiatorToResponder, KeyLength);
        CheckLength(oldResponderToInitiator, KeyLength);
        CheckLength(sharedSecret, KeyLength);
        Span<byte> secrets = stackalloc byte[3 * KeyLength];
        oldInitiatorToResponder.CopyTo(secrets);
        oldResponderToInitiator.CopyTo(secrets[KeyLength..]);
        sharedSecret.CopyTo(secrets[(2 * KeyLength)..]);
        Span<byte> extracted = stackalloc byte[KeyLength];
        HKDF.Extract(HashAlgorithmName.SHA256, secrets, hash, extracted);

        var label = "p2pcopy pq i2r"u8;
        Span<byte> info = stackalloc byte[label.Length + HashLength];
        using (var transcript = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            transcript.AppendData(kemKey);
            transcript.AppendData(kemCiphertext);
            transcript.GetHashAndReset(info[label.Length..]);
        }

        label.CopyTo(info);
        HKDF.Expand(HashAlgorithmName.SHA256, extracted, initiatorToResponder[..KeyLength], info);
        "p2pcopy pq r2i"u8.CopyTo(info);
        HKDF.Expand(HashAlgorithmName.SHA256, extracted, responderToInitiator[..KeyLength], info);
        CryptographicOperations.ZeroMemory(secrets);
        CryptographicOperations.ZeroMemory(extracted);
    }

    // PROTOCOL CHN-10.

    /// <summary>Writes the key of the next epoch, from which this one cannot be computed.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="next">32 bytes.</param>
    public static void Rekey(ReadOnlySpan<byte> key, Span<byte> next)
    {
        CheckLength(key, KeyLength);
        HKDF.Expand(HashAlgorithmName.SHA256, key, next[..KeyLength], "p2pcopy rekey"u8);
    }

    private static void Hash(ReadOnlySpan<byte> label, PublicKey key, Span<byte> hash)
    {
        Span<byte> input = stackalloc byte[label.Length + PublicKey.Length];
        label.CopyTo(input);
        key.CopyTo(input[label.Length..]);
        SHA256.HashData(input, hash);
    }

    // Parts of other lengths would make two different inputs look the same.
    private static void CheckLength(ReadOnlySpan<byte> part, int length) =>
        Debug.Assert(part.Length == length, "every part has a fixed length");
}
