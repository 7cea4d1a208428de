using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PCopy.Tests.Channel;

/// <summary>AEGIS-256 written down from RFC 10032 as it stands there, to have another implementation than the one in use.</summary>
internal sealed class Aegis256ByTheBook
{
    private static readonly Vector128<byte> C0 = Block("000101020305080d1522375990e97962");
    private static readonly Vector128<byte> C1 = Block("db3d18556dc22ff12011314273b528dd");

    private readonly Vector128<byte>[] _s;

    private Aegis256ByTheBook(byte[] key, byte[] nonce)
    {
        var (k0, k1) = (Vector128.Create(key.AsSpan(0, 16)), Vector128.Create(key.AsSpan(16, 16)));
        var (n0, n1) = (Vector128.Create(nonce.AsSpan(0, 16)), Vector128.Create(nonce.AsSpan(16, 16)));
        _s = [k0 ^ n0, k1 ^ n1, C1, C0, k0 ^ C0, k1 ^ C1];
        for (var round = 0; round < 4; round++)
        {
            foreach (var word in new[] { k0, k1, k0 ^ n0, k1 ^ n1 }) Update(word);
        }
    }

    /// <summary>Whether this processor can run it.</summary>
    public static bool IsSupported => Aes.IsSupported;

    /// <summary>The plaintext; fails when the tag of 32 bytes is wrong.</summary>
    public static byte[] Decrypt(byte[] key, byte[] nonce, byte[] header, byte[] ciphertext)
    {
        var state = new Aegis256ByTheBook(key, nonce);
        foreach (var block in Blocks(header)) state.Update(Padded(block));
        var length = ciphertext.Length - 32;
        var plaintext = new List<byte>();
        foreach (var block in Blocks(ciphertext[..length]))
        {
            var bytes = new byte[16];
            (Padded(block) ^ state.KeyStream).CopyTo(bytes);
            plaintext.AddRange(bytes[..block.Length]);
            state.Update(Padded(bytes[..block.Length]));
        }

        Assert.Equal(ciphertext[length..], state.Tag(header.Length, length));
        return [.. plaintext];
    }

    private Vector128<byte> KeyStream => _s[1] ^ _s[4] ^ _s[5] ^ (_s[2] & _s[3]);

    private static IEnumerable<byte[]> Blocks(byte[] bytes) => bytes.Chunk(16);

    private static Vector128<byte> Block(string hex) => Vector128.Create(Convert.FromHexString(hex));

    private static Vector128<byte> Padded(byte[] block) => Vector128.Create([.. block, .. new byte[16 - block.Length]]);

    private void Update(Vector128<byte> message)
    {
        var last = _s[5];
        for (var i = 5; i > 0; i--) _s[i] = Aes.Encrypt(_s[i - 1], _s[i]);
        _s[0] = Aes.Encrypt(last, _s[0] ^ message);
    }

    private byte[] Tag(int headerBytes, int messageBytes)
    {
        var lengths = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(lengths, 8UL * (ulong)headerBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(lengths.AsSpan(8), 8UL * (ulong)messageBytes);
        var word = _s[3] ^ Vector128.Create(lengths);
        for (var round = 0; round < 7; round++) Update(word);
        var tag = new byte[32];
        (_s[0] ^ _s[1] ^ _s[2]).CopyTo(tag);
        (_s[3] ^ _s[4] ^ _s[5]).CopyTo(tag, 16);
        return tag;
    }
}
