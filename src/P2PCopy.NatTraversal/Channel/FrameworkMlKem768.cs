using System.Security.Cryptography;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>ML-KEM-768 of the system's cryptography.</summary>
internal sealed class FrameworkMlKem768(IRandomBytes random) : MlKem768
{
    /// <summary>Whether this system has it.</summary>
    public static bool IsSupported => MLKem.IsSupported;

    /// <inheritdoc/>
    public override MlKem768KeyPair GenerateKeyPair() =>
        FromSeed(random, seed => new KeyPair(MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, seed)));

    /// <inheritdoc/>
    public override bool TryEncapsulate(ReadOnlySpan<byte> key, Span<byte> ciphertext, Span<byte> secret)
    {
        if (key.Length != KeyLength) return false;
        try
        {
            using var imported = MLKem.ImportEncapsulationKey(MLKemAlgorithm.MLKem768, key);
            imported.Encapsulate(ciphertext[..CiphertextLength], secret[..SecretLength]);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private sealed class KeyPair(MLKem key) : MlKem768KeyPair
    {
        public override void CopyKey(Span<byte> destination) => key.ExportEncapsulationKey(destination[..KeyLength]);

        public override bool TryDecapsulate(ReadOnlySpan<byte> ciphertext, Span<byte> secret)
        {
            if (ciphertext.Length != CiphertextLength) return false;
            key.Decapsulate(ciphertext, secret[..SecretLength]);
            return true;
        }

        public override void Dispose() => key.Dispose();
    }
}
