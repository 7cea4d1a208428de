using P2PCopy.NatTraversal.Channel.Noise;

namespace P2PCopy.Tests.Channel.Noise;

public sealed class NoiseHandshakeTests
{
    public static TheoryData<string> Patterns => ["IK", "XX"];

    [Theory, MemberData(nameof(Patterns))]
    public void Two_sides_come_to_the_same_hash_and_keys(string pattern)
    {
        using var pair = new NoisePair(pattern);
        pair.Exchange(NoisePair.Messages(pattern));

        Assert.True(pair.Initiator.IsComplete && pair.Responder.IsComplete);
        Assert.Equal((pair.ResponderKey, pair.InitiatorKey), (pair.Initiator.RemoteStatic, pair.Responder.RemoteStatic));
        var (left, right) = (new byte[96], new byte[96]);
        foreach (var (side, bytes) in new[] { (pair.Initiator, left), (pair.Responder, right) })
        {
            side.CopyHandshakeHash(bytes);
            side.Split(bytes.AsSpan(32, 32), bytes.AsSpan(64));
        }

        Assert.Equal(left, right);
        Assert.NotEqual(left[32..64], left[64..]);
    }

    [Theory, MemberData(nameof(Patterns))]
    public void A_change_of_any_byte_is_noticed_at_the_latest_by_the_next_message(string pattern)
    {
        for (var message = 0; message < NoisePair.Messages(pattern); message++)
        {
            var length = Scene(pattern, message, out _).Length;
            for (var position = 0; position < length; position++)
            {
                var bytes = Scene(pattern, message, out var pair);
                bytes[position] ^= 0x10;
                var isRead = pair.Read(message, bytes) is not null;

                // The first message of XX is in clear: only the answer shows that somebody changed it.
                Assert.Equal(pattern == "XX" && message == 0, isRead);
                if (isRead) Assert.Null(pair.Read(1, pair.Write(1, [1])));
                pair.Dispose();
            }
        }
    }

    [Theory, MemberData(nameof(Patterns))]
    public void A_message_cut_short_anywhere_or_too_long_is_refused(string pattern)
    {
        for (var message = 0; message < NoisePair.Messages(pattern); message++)
        {
            var whole = Scene(pattern, message, out _).Length;
            var isClear = pattern == "XX" && message == 0;
            foreach (var length in Enumerable.Range(0, isClear ? 32 : whole).Concat(isClear ? [70000] : [whole + 1, whole + 16, 65535, 70000]))
            {
                var bytes = Scene(pattern, message, out var pair);
                Array.Resize(ref bytes, length);
                Assert.Null(pair.Read(message, bytes));
                pair.Dispose();
            }
        }
    }

    [Theory, MemberData(nameof(Patterns))]
    public void A_handshake_that_met_a_forged_message_is_dead(string pattern)
    {
        using var pair = new NoisePair(pattern);
        var good = pair.Write(0, [0]);

        Assert.Null(pair.Read(0, good.AsSpan(0, 20)));
        Assert.Null(pair.Read(0, good));
        Assert.False(pair.Responder.IsComplete);
        Assert.Throws<InvalidOperationException>(() => pair.Write(1, []));
    }

    [Theory, MemberData(nameof(Patterns))]
    public void A_payload_that_does_not_fit_its_buffer_is_refused(string pattern)
    {
        using var pair = new NoisePair(pattern);

        Assert.False(pair.Responder.TryReadMessage(pair.Write(0, new byte[33]), new byte[32], out var length));
        Assert.Equal(0, length);
    }

    [Fact]
    public void Another_prologue_or_another_key_than_the_expected_one_ends_the_handshake()
    {
        using var otherPrologue = new NoisePair("IK", "p", "q");
        Assert.Null(otherPrologue.Read(0, otherPrologue.Write(0, [])));

        using var clear = new NoisePair("XX", "p", "q");
        Assert.NotNull(clear.Read(0, clear.Write(0, [])));
        Assert.Null(clear.Read(1, clear.Write(1, [])));

        using var otherKey = new NoisePair("IK", expected: clear.InitiatorKey);
        Assert.Null(otherKey.Read(0, otherKey.Write(0, [])));
    }

    [Theory, MemberData(nameof(Patterns))]
    public void Turns_are_kept(string pattern)
    {
        using var pair = new NoisePair(pattern);
        Assert.Throws<InvalidOperationException>(() => pair.Write(1, []));
        Assert.False(pair.Initiator.TryReadMessage(new byte[200], new byte[200], out _));
        Assert.Throws<InvalidOperationException>(() => pair.Write(0, []));

        using var done = new NoisePair(pattern);
        Assert.Throws<InvalidOperationException>(() => done.Responder.RemoteStatic);
        Assert.Throws<InvalidOperationException>(() => done.Responder.Split(new byte[32], new byte[32]));
        Assert.Throws<InvalidOperationException>(() => done.Responder.CopyHandshakeHash(new byte[32]));
        done.Exchange(NoisePair.Messages(pattern));
        Assert.Throws<InvalidOperationException>(() => done.Initiator.WriteMessage([], new byte[200]));
        Assert.Throws<InvalidOperationException>(() => done.Responder.WriteMessage([], new byte[200]));
    }

    [Fact]
    public void A_disposed_handshake_says_nothing_more()
    {
        using var pair = new NoisePair("IK");
        pair.Exchange(2);
        pair.Initiator.Dispose();

        Assert.False(pair.Initiator.IsComplete);
        Assert.Throws<InvalidOperationException>(() => pair.Initiator.Split(new byte[32], new byte[32]));
    }

    [Fact]
    public void Only_the_initiator_of_IK_is_told_a_key_before()
    {
        using var pair = new NoisePair("IK");
        using var key = NatTraversal.Channel.StaticKey.FromSeed(NoisePair.Seed(9));

        Assert.Throws<ArgumentException>(() => new NoiseHandshake(NoisePattern.IK, true, [], key, null, NoisePair.Seed(1)));
        Assert.Throws<ArgumentException>(() => new NoiseHandshake(NoisePattern.IK, false, [], key, pair.InitiatorKey, NoisePair.Seed(1)));
        Assert.Throws<ArgumentException>(() => new NoiseHandshake(NoisePattern.XX, true, [], key, pair.InitiatorKey, NoisePair.Seed(1)));
        Assert.Throws<ArgumentException>(() => new NoiseHandshake(NoisePattern.XX, true, [], key, null, new byte[31]));
    }

    // A new pair that has come as far as this message, and the message.
    private static byte[] Scene(string pattern, int message, out NoisePair pair)
    {
        pair = new NoisePair(pattern);
        pair.Exchange(message);
        return pair.Write(message, [7, 7, 7]);
    }
}
