using Org.BouncyCastle.Crypto.Digests;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Channel;

public sealed class MlKem768Tests
{
    // Every implementation of this system with every one, itself included.
    public static TheoryData<string, string> Pairs
    {
        get
        {
            string[] names = FrameworkMlKem768.IsSupported ? ["library", "framework"] : ["library"];
            var pairs = new TheoryData<string, string>();
            foreach (var one in names)
                foreach (var other in names)
                    pairs.Add(one, other);
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Both_sides_come_to_the_same_secret(string initiator, string responder)
    {
        using var keys = Of(initiator, 1).GenerateKeyPair();
        var key = new byte[1184];
        var ciphertext = new byte[1088];
        var (made, known) = (new byte[32], new byte[32]);
        keys.CopyKey(key);

        Assert.True(Of(responder, 2).TryEncapsulate(key, ciphertext, made));
        Assert.True(keys.TryDecapsulate(ciphertext, known));
        Assert.Equal(made, known);

        ciphertext[500] ^= 1;
        Assert.True(keys.TryDecapsulate(ciphertext, known));
        Assert.NotEqual(made, known);
    }

    [Theory, MemberData(nameof(Pairs))]
    public void The_same_seed_is_the_same_key_for_all_of_them(string one, string other)
    {
        var (left, right) = (new byte[1184], new byte[1184]);
        using var first = Of(one, 3).GenerateKeyPair();
        using var second = Of(other, 3).GenerateKeyPair();
        first.CopyKey(left);
        second.CopyKey(right);

        Assert.Equal(left, right);
    }

    // FIPS 203, section 7.2: a coefficient above the modulus is no encoding of a key.
    [Theory, MemberData(nameof(Pairs))]
    public void What_is_no_key_or_no_ciphertext_is_refused(string one, string other)
    {
        using var keys = Of(one, 4).GenerateKeyPair();
        var key = new byte[1184];
        var (ciphertext, secret) = (new byte[1088], new byte[32]);
        keys.CopyKey(key);
        var beyond = (byte[])key.Clone();
        (beyond[0], beyond[1]) = (0xff, 0xff);

        Assert.False(Of(other, 5).TryEncapsulate(beyond, ciphertext, secret));
        Assert.False(Of(other, 5).TryEncapsulate(key.AsSpan(1), ciphertext, secret));
        Assert.False(Of(other, 5).TryEncapsulate([.. key, 0], ciphertext, secret));
        Assert.False(Of(other, 5).TryEncapsulate([], ciphertext, secret));
        Assert.Equal(new byte[32], secret);
        Assert.False(keys.TryDecapsulate(ciphertext.AsSpan(1), secret));
        Assert.False(keys.TryDecapsulate(new byte[1089], secret));
        Assert.False(keys.TryDecapsulate([], secret));
        Assert.Equal(new byte[32], secret);
    }

    /// <summary>
    /// The published sum of a hundred vectors (TestAccumulated of Go's crypto/mlkem, after C2SP's CCTV): SHAKE128 of nothing gives seeds,
    /// messages and random ciphertexts, and all keys, ciphertexts and secrets go into another SHAKE128.
    /// </summary>
    [Fact]
    public void A_hundred_known_answers_come_out()
    {
        var stream = new ShakeStream();
        var kem = new BouncyMlKem768(stream);
        var sum = new ShakeDigest(128);
        var key = new byte[1184];
        var (ciphertext, random) = (new byte[1088], new byte[1088]);
        var (made, known, rejected) = (new byte[32], new byte[32], new byte[32]);
        for (var i = 0; i < 100; i++)
        {
            using var keys = kem.GenerateKeyPair();
            keys.CopyKey(key);
            Assert.True(kem.TryEncapsulate(key, ciphertext, made));
            Assert.True(keys.TryDecapsulate(ciphertext, known));
            Assert.Equal(made, known);
            stream.Fill(random);
            Assert.True(keys.TryDecapsulate(random, rejected));
            foreach (var part in new[] { key, ciphertext, made, rejected }) sum.BlockUpdate(part, 0, part.Length);
        }

        var result = new byte[32];
        sum.Output(result, 0, result.Length);
        Assert.Equal("1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415", Convert.ToHexStringLower(result));
    }

    [Fact]
    public void The_system_s_own_is_taken_where_it_exists() =>
        Assert.Equal(FrameworkMlKem768.IsSupported, MlKem768.Create(new SeededRandom(1)) is FrameworkMlKem768);

    private static MlKem768 Of(string name, ulong seed) =>
        name == "framework" ? new FrameworkMlKem768(new SeededRandom(seed)) : new BouncyMlKem768(new SeededRandom(seed));

    private sealed class ShakeStream : IRandomBytes
    {
        private readonly ShakeDigest _shake = new(128);

        public void Fill(Span<byte> destination) => _shake.Output(destination);
    }
}
