using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Security;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>ML-KEM-768 of BouncyCastle, for systems whose cryptography does not have it. It cannot wipe its private keys.</summary>
internal sealed class BouncyMlKem768(IRandomBytes random) : MlKem768
{
    /// <inheritdoc/>
    public override MlKem768KeyPair GenerateKeyPair() =>
        FromSeed(random, seed => new KeyPair(MLKemPrivateKeyParameters.FromSeed(MLKemParameters.ml_kem_768, seed)));

    /// <inheritdoc/>
    public override bool TryEncapsulate(ReadOnlySpan<byte> key, Span<byte> ciphertext, Span<byte> secret)
    {
        if (key.Length != KeyLength) return false;
        var encapsulator = new MLKemEncapsulator(MLKemParameters.ml_kem_768);
        try
        {
            var parameters = MLKemPublicKeyParameters.FromEncoding(MLKemParameters.ml_kem_768, key.ToArray());
            encapsulator.Init(new ParametersWithRandom(parameters, new SecureRandom(new Source(random))));
        }
        catch (ArgumentException)
        {
            return false;
        }

        var (made, known) = (new byte[CiphertextLength], new byte[SecretLength]);
        encapsulator.Encapsulate(made, 0, made.Length, known, 0, known.Length);
        made.CopyTo(ciphertext);
        known.CopyTo(secret);
        CryptographicOperations.ZeroMemory(known);
        return true;
    }

    private sealed class KeyPair(MLKemPrivateKeyParameters key) : MlKem768KeyPair
    {
        public override void CopyKey(Span<byte> destination) => key.GetPublicKeyEncoded().CopyTo(destination);

        public override bool TryDecapsulate(ReadOnlySpan<byte> ciphertext, Span<byte> secret)
        {
            if (ciphertext.Length != CiphertextLength) return false;
            var decapsulator = new MLKemDecapsulator(MLKemParameters.ml_kem_768);
            decapsulator.Init(key);
            var known = new byte[SecretLength];
            decapsulator.Decapsulate(ciphertext.ToArray(), 0, ciphertext.Length, known, 0, known.Length);
            known.CopyTo(secret);
            CryptographicOperations.ZeroMemory(known);
            return true;
        }

        public override void Dispose()
        {
            // Its private key is out of reach; the garbage collector has it.
        }
    }

    private sealed class Source(IRandomBytes random) : IRandomGenerator
    {
        public void AddSeedMaterial(byte[] seed)
        {
            // The source behind is complete.
        }

        public void AddSeedMaterial(ReadOnlySpan<byte> seed)
        {
            // The source behind is complete.
        }

        public void AddSeedMaterial(long seed)
        {
            // The source behind is complete.
        }

        public void NextBytes(byte[] bytes) => random.Fill(bytes);

        public void NextBytes(byte[] bytes, int start, int len) => random.Fill(bytes.AsSpan(start, len));

        public void NextBytes(Span<byte> bytes) => random.Fill(bytes);
    }
}
