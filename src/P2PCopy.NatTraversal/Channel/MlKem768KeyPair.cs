namespace P2PCopy.NatTraversal.Channel;

/// <summary>A key pair of ML-KEM-768 for one session; it is wiped as far as its implementation allows.</summary>
internal abstract class MlKem768KeyPair : IDisposable
{
    /// <summary>Writes the encapsulation key, <see cref="MlKem768.KeyLength"/> bytes.</summary>
    public abstract void CopyKey(Span<byte> key);

    /// <summary>
    /// Writes the secret that a ciphertext brings. <see langword="false"/> when it has a wrong length; one that was forged gives a secret
    /// that nobody else knows (FIPS 203, section 6.3), so the keys made of it fit nothing.
    /// </summary>
    public abstract bool TryDecapsulate(ReadOnlySpan<byte> ciphertext, Span<byte> secret);

    /// <inheritdoc/>
    public abstract void Dispose();
}
