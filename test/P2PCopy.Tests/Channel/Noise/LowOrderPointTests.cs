using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Noise;

namespace P2PCopy.Tests.Channel.Noise;

/// <summary>Points that turn every secret into zero: whoever let them pass would agree on keys that all the world knows.</summary>
public sealed class LowOrderPointTests
{
    /// <summary>0, 1, the two of order 8, and p-1, p, p+1 (RFC 7748 reads them modulo p = 2^255-19).</summary>
    public static TheoryData<string> Points =>
    [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];

    [Theory, MemberData(nameof(Points))]
    public void No_secret_is_agreed_with_one(string hex)
    {
        using var key = StaticKey.FromSeed(NoisePair.Seed(5));
        var point = Convert.FromHexString(hex);
        Assert.False(X25519.TryAgree(key, new PublicKey(point), new byte[32]));
        Assert.True(X25519.IsLowOrder(new PublicKey(point)));
        point[31] |= 0x80;
        Assert.True(X25519.IsLowOrder(new PublicKey(point)), "the top bit is not part of the number");
        Assert.False(X25519.IsLowOrder(key.Public));
    }

    [Theory, MemberData(nameof(Points))]
    public void It_is_refused_as_a_key_to_begin_with(string hex) =>
        Assert.Throws<ArgumentException>(() => new NoisePair("IK", expected: new PublicKey(Convert.FromHexString(hex))));

    [Theory, MemberData(nameof(Points))]
    public void It_is_refused_as_the_ephemeral_key_of_every_message(string hex)
    {
        var point = Convert.FromHexString(hex);
        foreach (var (pattern, message) in new[] { ("IK", 0), ("IK", 1), ("XX", 0), ("XX", 1) })
        {
            using var pair = new NoisePair(pattern);
            pair.Exchange(message);
            var bytes = pair.Write(message, []);
            point.CopyTo(bytes, 0);
            Assert.Null(pair.Read(message, bytes));
        }
    }

    [Theory, MemberData(nameof(Points))]
    public void It_is_refused_as_the_static_key_of_an_initiator_that_reckons_with_zero(string hex)
    {
        using var pair = new NoisePair("IK");
        using var ephemeral = StaticKey.FromSeed(NoisePair.Seed(6));
        using var state = new SymmetricState(NoiseMessages.NameOf(NoisePattern.IK));
        var message = new byte[96];
        Span<byte> responder = stackalloc byte[32];
        Span<byte> secret = stackalloc byte[32];
        pair.ResponderKey.CopyTo(responder);
        state.MixHash("p"u8);
        state.MixHash(responder);
        ephemeral.Public.CopyTo(message);
        state.MixHash(message.AsSpan(0, 32));
        Assert.True(X25519.TryAgree(ephemeral, pair.ResponderKey, secret));
        state.MixKey(secret);
        state.EncryptAndHash(Convert.FromHexString(hex), message.AsSpan(32, 48));
        state.MixKey(new byte[32]);
        state.EncryptAndHash([], message.AsSpan(80, 16));

        Assert.Null(pair.Read(0, message));
    }
}
