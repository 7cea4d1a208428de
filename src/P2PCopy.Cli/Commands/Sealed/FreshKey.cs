using System.Security.Cryptography;
using P2PCopy.NatTraversal.Channel;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>The key of one run.</summary>
internal static class FreshKey
{
    /// <summary>Makes one from random bytes, of which nothing stays.</summary>
    public static StaticKey Create()
    {
        Span<byte> seed = stackalloc byte[PublicKey.Length];
        RandomNumberGenerator.Fill(seed);
        try
        {
            return StaticKey.FromSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }
}
