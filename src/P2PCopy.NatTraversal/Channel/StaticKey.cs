using NSec.Cryptography;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>The X25519 key pair of one run. It lives in memory only and dies with the process; its public half is in the ticket.</summary>
public sealed class StaticKey : IDisposable
{
    private readonly Key _key;

    private StaticKey(Key key)
    {
        _key = key;
        Public = new PublicKey(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>The half that everybody may know.</summary>
    public PublicKey Public { get; }

    internal Key Key => _key;

    /// <summary>The key pair of a private key.</summary>
    /// <param name="seed">32 bytes from a cryptographic random source; the caller wipes them.</param>
    /// <exception cref="FormatException">Another length.</exception>
    public static StaticKey FromSeed(ReadOnlySpan<byte> seed) =>
        new(Key.Import(KeyAgreementAlgorithm.X25519, seed, KeyBlobFormat.RawPrivateKey));

    /// <summary>Wipes the private half.</summary>
    public void Dispose() => _key.Dispose();
}
