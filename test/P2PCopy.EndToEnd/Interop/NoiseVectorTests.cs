using P2PCopy.EndToEnd.Lab;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Noise;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>Our Noise against the vectors of another implementation, flynn/noise, which Debian ships with its source.</summary>
public sealed class NoiseVectorTests
{
    // With an empty and a filled prologue, with and without payloads.
    private const int VectorsOfEachPattern = 4;

    [NoiseVectorFact]
    public void The_messages_of_every_IK_vector_are_ours() => CheckAll(NoisePattern.IK);

    [NoiseVectorFact]
    public void The_messages_of_every_XX_vector_are_ours() => CheckAll(NoisePattern.XX);

    private static void CheckAll(NoisePattern pattern)
    {
        var vectors = File.ReadAllText(Requirements.NoiseVectors).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]))
            .Where(vector => vector["handshake"] == $"Noise_{pattern}_25519_ChaChaPoly_SHA256")
            .ToList();
        Assert.Equal(VectorsOfEachPattern, vectors.Count);
        Assert.All(vectors, vector => Check(pattern, vector));
    }

    private static void Check(NoisePattern pattern, Dictionary<string, string> vector)
    {
        byte[] Bytes(string key) => Convert.FromHexString(vector.GetValueOrDefault(key, ""));
        using var initiatorKey = StaticKey.FromSeed(Bytes("init_static"));
        using var responderKey = StaticKey.FromSeed(Bytes("resp_static"));
        PublicKey? known = pattern == NoisePattern.IK ? responderKey.Public : null;
        using var initiator = new NoiseHandshake(pattern, true, Bytes("prologue"), initiatorKey, known, Bytes("gen_init_ephemeral"));
        using var responder = new NoiseHandshake(pattern, false, Bytes("prologue"), responderKey, null, Bytes("gen_resp_ephemeral"));

        var number = 0;
        for (; !initiator.IsComplete || !responder.IsComplete; number++)
        {
            var (writer, reader) = number % 2 == 0 ? (initiator, responder) : (responder, initiator);
            var message = new byte[512];
            var length = writer.WriteMessage(Bytes($"msg_{number}_payload"), message);
            Assert.Equal(vector[$"msg_{number}_ciphertext"], Convert.ToHexStringLower(message.AsSpan(0, length)));
            var payload = new byte[512];
            Assert.True(reader.TryReadMessage(message.AsSpan(0, length), payload, out var payloadLength));
            Assert.Equal(vector[$"msg_{number}_payload"], Convert.ToHexStringLower(payload.AsSpan(0, payloadLength)));
        }

        // What follows in the vectors is sealed with the keys of Split: one message from the initiator, one back.
        var keys = new byte[2][];
        for (var i = 0; i < keys.Length; i++) keys[i] = new byte[32];
        responder.Split(keys[0], keys[1]);
        foreach (var key in keys)
        {
            using var cipher = new CipherState();
            cipher.Initialize(key);
            var plaintext = Bytes($"msg_{number}_payload");
            var sealedBytes = new byte[plaintext.Length + CipherState.TagLength];
            cipher.Seal([], plaintext, sealedBytes);
            Assert.Equal(vector[$"msg_{number++}_ciphertext"], Convert.ToHexStringLower(sealedBytes));
        }

        Assert.False(vector.ContainsKey($"msg_{number}_ciphertext"), "the vector goes on");
    }
}
