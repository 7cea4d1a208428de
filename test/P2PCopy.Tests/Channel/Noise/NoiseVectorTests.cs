using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Noise;
using P2PCopy.Tests.Vectors;

namespace P2PCopy.Tests.Channel.Noise;

public sealed class NoiseVectorTests
{
    [Theory]
    [InlineData("Noise_IK_25519_ChaChaPoly_SHA256")]
    [InlineData("Noise_XX_25519_ChaChaPoly_SHA256")]
    public void Both_sides_say_and_understand_every_byte_of_the_vector(string name)
    {
        var vector = VectorCases.Load("noise")[name];
        var pattern = NoisePair.Pattern(name[6..8]);
        using var initiatorKey = StaticKey.FromSeed(vector.Bytes("initiator-static"));
        using var responderKey = StaticKey.FromSeed(vector.Bytes("responder-static"));
        Assert.Equal(new PublicKey(vector.Bytes("initiator-static-public")), initiatorKey.Public);
        Assert.Equal(new PublicKey(vector.Bytes("responder-static-public")), responderKey.Public);
        PublicKey? known = pattern == NoisePattern.IK ? responderKey.Public : null;
        using var initiator = new NoiseHandshake(
            pattern, true, vector.Bytes("prologue"), initiatorKey, known, vector.Bytes("initiator-ephemeral"));
        using var responder = new NoiseHandshake(
            pattern, false, vector.Bytes("prologue"), responderKey, null, vector.Bytes("responder-ephemeral"));

        for (var i = 1; vector.Has($"message-{i}"); i++)
        {
            var (writer, reader) = i % 2 == 1 ? (initiator, responder) : (responder, initiator);
            var message = new byte[512];
            var length = writer.WriteMessage(vector.Bytes($"payload-{i}"), message);
            Assert.Equal(vector[$"message-{i}"], Convert.ToHexStringLower(message.AsSpan(0, length)));
            var payload = new byte[512];
            Assert.True(reader.TryReadMessage(message.AsSpan(0, length), payload, out var payloadLength));
            Assert.Equal(vector[$"payload-{i}"], Convert.ToHexStringLower(payload.AsSpan(0, payloadLength)));
        }

        Assert.Equal((initiatorKey.Public, responderKey.Public), (responder.RemoteStatic, initiator.RemoteStatic));
        foreach (var side in new[] { initiator, responder })
        {
            Assert.True(side.IsComplete);
            var (hash, forth, back) = (new byte[32], new byte[32], new byte[32]);
            side.CopyHandshakeHash(hash);
            side.Split(forth, back);
            Assert.Equal(vector.Bytes("hash"), hash);
            Assert.Equal(vector.Bytes("initiator-to-responder"), forth);
            Assert.Equal(vector.Bytes("responder-to-initiator"), back);
        }
    }
}
