using NSec.Cryptography;

namespace P2PCopy.NatTraversal.Channel.Noise;

/// <summary>The Diffie-Hellman function of RFC 7748.</summary>
internal static class X25519
{
    /// <summary>Bytes of keys and of shared secrets.</summary>
    public const int Length = 32;

    // Any scalar tells: those of RFC 7748 are multiples of 8, which send every point of low order to zero.
    private static readonly StaticKey AnyKey = StaticKey.FromSeed("any scalar finds low-order points"u8[..Length]);

    /// <summary>
    /// Writes the shared secret. <see langword="false"/> for a point of low order, whose secret everybody would know (RFC 7748,
    /// section 6.1: the check for the all-zero value).
    /// </summary>
    public static bool TryAgree(StaticKey own, PublicKey remote, Span<byte> secret)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        remote.CopyTo(bytes);
        if (!NSec.Cryptography.PublicKey.TryImport(KeyAgreementAlgorithm.X25519, bytes, KeyBlobFormat.RawPublicKey, out var imported) || imported is null)
            return false;
        var exportable = new SharedSecretCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };
        using var shared = KeyAgreementAlgorithm.X25519.Agree(own.Key, imported, exportable);
        return shared is not null && shared.TryExport(SharedSecretBlobFormat.RawSharedSecret, secret, out _);
    }

    // PROTOCOL KEY-1.

    /// <summary>Whether secrets agreed with this key would be worth nothing; such a key is to be refused where it comes in.</summary>
    public static bool IsLowOrder(PublicKey key)
    {
        Span<byte> secret = stackalloc byte[Length];
        return !TryAgree(AnyKey, key, secret);
    }
}
