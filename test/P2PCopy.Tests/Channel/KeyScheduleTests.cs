using System.Buffers.Binary;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Words;
using P2PCopy.Tests.Vectors;

namespace P2PCopy.Tests.Channel;

/// <summary>Every derived value against <c>vectors/key-schedule.txt</c>, which was computed elsewhere.</summary>
public sealed class KeyScheduleTests
{
    private const string IK = "after Noise_IK_25519_ChaChaPoly_SHA256";
    private const string XX = "after Noise_XX_25519_ChaChaPoly_SHA256";

    private static readonly VectorCases Vectors = VectorCases.Load("key-schedule");

    public static TheoryData<string> Names => [.. Vectors.Cases.Select(one => one.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_commitment_and_the_words_are_those_of_the_vector(string name)
    {
        var vector = Vectors[name];
        var commitment = new byte[16];
        KeySchedule.Commit(vector.Bytes("initiator-nonce"), commitment);
        Assert.Equal(vector.Bytes("commitment"), commitment);

        var words = new byte[4];
        KeySchedule.VerificationWords(vector.Bytes("hash"), vector.Bytes("initiator-nonce"), vector.Bytes("responder-nonce"), words);
        Assert.Equal(vector.Bytes("word-bytes"), words);
        Assert.Equal(vector["words"], string.Join(' ', VerificationWords.FromBytes(words)));
    }

    // PROTOCOL KEY-2.
    [Fact]
    public void The_code_behind_a_handshake_message_is_that_of_the_vector()
    {
        var receiver = new PublicKey(Vectors[IK].Bytes("responder-static-public"));
        Assert.Equal(Vectors[IK].Bytes("mac1-key"), KeySchedule.Mac1Key(receiver));
        Assert.Equal(Vectors[XX].Bytes("mac1-key"), KeySchedule.BareMac1Key);

        foreach (var name in new[] { IK, XX })
        {
            var mac = new byte[16];
            KeySchedule.Mac1(Vectors[name].Bytes("mac1-key"), VectorCases.Load("noise")[name["after ".Length..]].Bytes("message-1"), mac);
            Assert.Equal(Vectors[name].Bytes("mac1-of-message-1"), mac);
        }
    }

    // PROTOCOL KEY-3.
    [Fact]
    public void The_index_of_a_first_message_is_that_of_the_vector() =>
        Assert.Equal(
            BinaryPrimitives.ReadUInt32BigEndian(Vectors[IK].Bytes("init-index")),
            KeySchedule.InitIndex(new PublicKey(Vectors[IK].Bytes("responder-static-public"))));

    [Theory, MemberData(nameof(Names))]
    public void The_keys_of_later_epochs_are_those_of_the_vector(string name)
    {
        var vector = Vectors[name];
        var kemKey = Enumerable.Range(0, 1184).Select(i => (byte)(7 * i)).ToArray();
        var ciphertext = Enumerable.Range(0, 1088).Select(i => (byte)(11 * i)).ToArray();
        var (forth, back) = (new byte[32], new byte[32]);
        KeySchedule.PostQuantum(
            vector.Bytes("hash"), vector.Bytes("initiator-to-responder"), vector.Bytes("responder-to-initiator"), vector.Bytes("kem-secret"),
            kemKey, ciphertext, forth, back);
        Assert.Equal(vector.Bytes("initiator-to-responder-epoch-1"), forth);
        Assert.Equal(vector.Bytes("responder-to-initiator-epoch-1"), back);

        var next = new byte[32];
        KeySchedule.Rekey(forth, next);
        Assert.Equal(vector.Bytes("initiator-to-responder-epoch-2"), next);
        KeySchedule.Rekey(back, next);
        Assert.Equal(vector.Bytes("responder-to-initiator-epoch-2"), next);
    }

    [Fact]
    public void The_handshakes_of_the_vectors_are_the_same_in_both_files()
    {
        foreach (var vector in Vectors.Cases)
        {
            var handshake = VectorCases.Load("noise")[vector.Name["after ".Length..]];
            Assert.All(new[] { "hash", "initiator-to-responder", "responder-to-initiator" }, key => Assert.Equal(handshake[key], vector[key]));
            Assert.Equal(vector.Bytes("commitment"), handshake.Bytes("payload-1")[6..22]);
            Assert.Equal(vector.Bytes("responder-nonce"), handshake.Bytes("payload-2")[6..22]);
        }
    }
}
