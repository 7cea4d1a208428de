using System.Security.Cryptography;

namespace P2PCopy.Datagrams.IO;

/// <summary>The system's cryptographic random source.</summary>
public sealed class SecureRandom : IRandomBytes
{
    /// <summary>The one there is.</summary>
    public static readonly SecureRandom Instance = new();

    private SecureRandom()
    {
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
