using System.Security.Cryptography;
using NSec.Cryptography;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// The keys of one direction, epoch after epoch. The key of the next epoch is always ready, so that nothing which arrives can cause
/// a derivation. All keys live in guarded memory of the library and are wiped when they are disposed.
/// </summary>
internal sealed class ChannelKeyChain : IDisposable
{
    private readonly AeadAlgorithm _algorithm;
    private Key _next;

    public ChannelKeyChain(DataCipher cipher, ReadOnlySpan<byte> key)
    {
        _algorithm = cipher.Algorithm();
        Current = Import(key);
        _next = Successor(Current);
    }

    /// <summary>Steps made so far. The header carries the low eight bits. PROTOCOL CHN-8.</summary>
    public uint Epoch { get; private set; }

    /// <summary>The key of this epoch.</summary>
    public Key Current { get; private set; }

    /// <summary>The key of the epoch after this one.</summary>
    public Key Next => _next;

    /// <summary>Gives the next epoch another key than the one derived from this epoch's.</summary>
    public void ReplaceNext(ReadOnlySpan<byte> key)
    {
        _next.Dispose();
        _next = Import(key);
    }

    /// <summary>Moves on by an epoch.</summary>
    /// <returns>The key of the epoch that is over; it belongs to the caller.</returns>
    public Key Step()
    {
        var old = Current;
        Current = _next;
        _next = Successor(Current);
        Epoch++;
        return old;
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        Current.Dispose();
        _next.Dispose();
    }

    private Key Successor(Key key)
    {
        Span<byte> secret = stackalloc byte[DataCipherAlgorithm.KeyLength];
        Span<byte> successor = stackalloc byte[DataCipherAlgorithm.KeyLength];
        key.TryExport(KeyBlobFormat.RawSymmetricKey, secret, out _);
        KeySchedule.Rekey(secret, successor);
        var next = Import(successor);
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(successor);
        return next;
    }

    private Key Import(ReadOnlySpan<byte> key)
    {
        var exportable = new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        return Key.Import(_algorithm, key, KeyBlobFormat.RawSymmetricKey, exportable);
    }
}
