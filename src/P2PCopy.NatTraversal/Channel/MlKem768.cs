using System.Security.Cryptography;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// The key encapsulation of FIPS 203 with its parameters for category 3. The framework offers it where the system's cryptography has it
/// (OpenSSL 3.5, Windows 11 24H2); elsewhere it comes from a library.
/// </summary>
internal abstract class MlKem768
{
    /// <summary>Bytes of an encapsulation key.</summary>
    public const int KeyLength = 1184;

    /// <summary>Bytes of a ciphertext.</summary>
    public const int CiphertextLength = 1088;

    /// <summary>Bytes of the secret that both sides get.</summary>
    public const int SecretLength = 32;

    /// <summary>Bytes from which a key pair is made: d and z of FIPS 203, one behind the other.</summary>
    protected const int SeedLength = 64;

    /// <summary>The best implementation that this system has.</summary>
    /// <param name="random">
    /// A cryptographic source. Everything follows from its bytes, but for the ciphertexts of <see cref="FrameworkMlKem768"/>, which takes
    /// the system's own.
    /// </param>
    public static MlKem768 Create(IRandomBytes random) =>
        FrameworkMlKem768.IsSupported ? new FrameworkMlKem768(random) : new BouncyMlKem768(random);

    /// <summary>Makes a new key pair.</summary>
    public abstract MlKem768KeyPair GenerateKeyPair();

    /// <summary>Makes a secret and the ciphertext by which the key's owner learns it.</summary>
    /// <param name="key">What came as an encapsulation key.</param>
    /// <param name="ciphertext">Takes <see cref="CiphertextLength"/> bytes.</param>
    /// <param name="secret">Takes <see cref="SecretLength"/> bytes.</param>
    /// <returns><see langword="false"/> when the key is invalid (FIPS 203, section 7.2: length or modulus).</returns>
    public abstract bool TryEncapsulate(ReadOnlySpan<byte> key, Span<byte> ciphertext, Span<byte> secret);

    /// <summary>A key pair from the next 64 random bytes.</summary>
    private protected static T FromSeed<T>(IRandomBytes random, Func<byte[], T> make)
    {
        var seed = new byte[SeedLength];
        random.Fill(seed);
        var made = make(seed);
        CryptographicOperations.ZeroMemory(seed);
        return made;
    }
}
