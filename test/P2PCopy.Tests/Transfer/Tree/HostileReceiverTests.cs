using P2PCopy.Transfer;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>Whatever a receiver sends, the sender ends with a sentence, and never throws.</summary>
public sealed class HostileReceiverTests
{
    private static readonly byte[] Hello = Wire.Hello(sends: false, features: TreeFeatures.Notes);
    private static readonly byte[] Accepted = Wire.Message(MessageType.Accept, new AcceptMessage(1 << 20, 4));

    public static TheoryData<string, byte[]> Faults => new()
    {
        { "two greetings", Hello },
        { "two acceptances", [.. Accepted, .. Accepted] },
        { "a window too small", Wire.Message(MessageType.Accept, new AcceptMessage(1, 4)) },
        { "a window of no entries", Wire.Message(MessageType.Accept, new AcceptMessage(1 << 20, 0)) },
        { "a plan before the acceptance", Wire.Plan((1, 1)) },
        { "a plan of nothing", [.. Accepted, .. Wire.Message(MessageType.Plan)] },
        { "a plan for no entries", [.. Accepted, .. Wire.Plan((1, 0))] },
        { "a plan for more entries than there are", [.. Accepted, .. Wire.Plan((1, 3))] },
        { "a plan for 2^32 entries", [.. Accepted, .. Wire.Plan((1, uint.MaxValue))] },
        { "a plan of no kind", [.. Accepted, .. Wire.Plan((3, 1))] },
        { "hashes for two files at once", [.. Accepted, .. Wire.Plan((2, 2))] },
        { "hashes unasked", [.. Accepted, .. Wire.Message(MessageType.Have, [.. Wire.U32(0), .. Wire.U64(0), 1])] },
        { "hashes of another file", [.. Accepted, .. Wire.Plan((2, 1)), .. Wire.Message(MessageType.Have, [.. Wire.U32(1), .. Wire.U64(0), 1])] },
        { "half a hash", [.. Accepted, .. Wire.Plan((2, 1)), .. Wire.Message(MessageType.Have, [.. Wire.U32(0), .. Wire.U64(0), 1, 7])] },
        { "hashes beyond any file", [.. Accepted, .. Wire.Plan((2, 1)), .. Wire.Message(MessageType.Have, [.. Wire.U32(0), .. Wire.U64(ulong.MaxValue), 1, .. new byte[32]])] },
        { "hashes of blocks twice", [.. Accepted, .. Wire.Plan((2, 1)), .. Have(0, 1), .. Have(0, 1)] },
        { "more hashes than it may", [.. Accepted, .. Wire.Plan((2, 1)), .. Enumerable.Range(0, 70).SelectMany(page => Have(1000 + (page * 1024), 1024))] },
        { "a plan between hashes", [.. Accepted, .. Wire.Plan((2, 1)), .. Wire.Plan((1, 1))] },
        { "more reported than sent", [.. Accepted, .. Wire.Message(MessageType.Written, new WrittenMessage(1, 0, 0))] },
        { "more written than sent", [.. Accepted, .. Wire.Message(MessageType.Written, new WrittenMessage(0, ulong.MaxValue, 0))] },
        { "more entries than sent", [.. Accepted, .. Wire.Message(MessageType.Written, new WrittenMessage(0, 0, 1))] },
        { "a drop of what has not begun", [.. Accepted, .. Wire.Message(MessageType.Drop, new DropMessage(1))] },
        { "a reason for an entry that there is not", [.. Accepted, .. Note(2, 1)] },
        { "a reason that there is not", [.. Accepted, .. Note(0, 12)] },
        { "more reasons than it may", [.. Accepted, .. Enumerable.Range(0, 33).SelectMany(static _ => Note(1, 1))] },
        { "a reason before the acceptance", Note(0, 1) },
        { "done before the end", [.. Accepted, .. Wire.Message(MessageType.Done, new DoneMessage(0, 0, 0))] },
        { "content from the wrong side", [.. Accepted, .. Wire.Chunk(0, 0, 1)] },
        { "an unknown message", [.. Accepted, 99, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_ends_the_session_with_a_sentence(string what, byte[] bytes)
    {
        var session = Listed();
        session.Push(bytes);
        Drain(session);

        Assert.Equal(OutcomeKind.PeerMisbehaved, session.Ending?.Kind);
        Assert.NotEmpty(what + session.Ending!.Why);
    }

    [Fact]
    public void Who_wants_all_has_no_plans()
    {
        byte[][] faults = [Wire.Plan((1, 1)), Wire.Plan((2, 1)), Have(0, 1)];
        foreach (var fault in faults)
        {
            var session = Listed(Wire.Hello(sends: false, features: TreeFeatures.WantsAll));
            Assert.True(session.Flows);
            session.Push([.. Accepted, .. fault]);
            Drain(session);
            Assert.Equal(OutcomeKind.PeerMisbehaved, session.Ending?.Kind);
        }
    }

    [Fact]
    public void Nothing_may_come_before_a_greeting_that_fits()
    {
        (byte[] Bytes, OutcomeKind Kind)[] beginnings =
        [
            (Accepted, OutcomeKind.PeerMisbehaved), (Wire.Hello(sends: true), OutcomeKind.Refused), (Wire.Hello(sends: false, 2, 9), OutcomeKind.VersionsDiffer),
        ];
        foreach (var (beginning, kind) in beginnings)
        {
            var session = new TreeSendSession(new TreeSummary(1, 1, 0, []));
            session.Push(beginning);
            Drain(session);
            Assert.Equal(kind, session.Ending?.Kind);
        }
    }

    [Theory]
    [InlineData(true, 1000)]
    [InlineData(false, 0)]
    public void Nothing_of_a_long_read_leaves_that_fails_or_comes_short(bool readable, int count)
    {
        var session = Listed();
        session.Push([.. Wire.Message(MessageType.Accept, new AcceptMessage(8 << 20, 4)), .. Wire.Plan((1, 2))]);
        session.Give(new TreeEntry { Index = 0, Depth = 0, Kind = EntryKind.File, Name = "a", Size = 5L << 40 });
        Drain(session);
        Assert.True(session.ReadsStraight);
        var room = new byte[100_000];
        var head = session.TakeStraight(room, out var step);

        Assert.Equal((SourceAction.Read, 0, 0L, room.Length - head), (step.Action, step.Index, step.Offset, step.Length));
        Assert.False(session.TryTake(new byte[TreeLimits.MessageBytes + 4], out _));
        Assert.True(session.StraightDone(new SourceRead(step.Length)));
        Assert.Equal(step.Length, session.ChunkBytes);

        Drain(session);
        session.TakeStraight(room, out step);
        Assert.Equal((room.Length - head, room.Length - head), (step.Offset, step.Length));
        Assert.False(session.StraightDone(new SourceRead(count, readable ? EntryStatus.Whole : EntryStatus.Unreadable)));
        Assert.Equal(room.Length - head, session.ChunkBytes);
        Assert.True(session.TryAsk(out step));
        Assert.Equal(SourceAction.Close, step.Action);
    }

    [Fact]
    public void Reasons_are_kept_for_the_user_and_those_of_a_peer_that_did_not_greet_with_them_are_out_of_place()
    {
        var session = Listed();
        session.Push([.. Accepted, .. Note(1, 1), .. Note(0, 6)]);
        Assert.Null(session.Ending);
        Assert.Equal([(1, EntryReason.Exists), (0, EntryReason.Permission)], session.Notes);

        var other = Listed(Wire.Hello(sends: false));
        other.Push([.. Accepted, .. Note(1, 1)]);
        Drain(other);
        Assert.Equal(OutcomeKind.PeerMisbehaved, other.Ending?.Kind);
    }

    [Fact]
    public void A_last_word_of_the_peer_is_shown_escaped()
    {
        var session = Listed();
        session.Push([.. Wire.Message(MessageType.Abort, [1, .. "full\u001b[2J"u8])]);

        Assert.Equal(OutcomeKind.BrokenOff, session.Ending?.Kind);
        Assert.Contains("full\\u{1B}[2J", session.Ending!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = [.. Accepted, .. Wire.Plan((2, 1), (1, 1)), .. Have(0, 3), .. Wire.Message(MessageType.Drop, new DropMessage(0)), .. new byte[40]];
            for (var damage = random.Next(1, 5); damage > 0; damage--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var session = Listed();
            session.Push(bytes);
            Drain(session);
            session.PeerClosed();
            Assert.NotNull(session.Ending);
        }
    }

    private static byte[] Note(uint entry, byte reason) => Wire.Message(MessageType.Note, [.. Wire.U32(entry), reason]);

    private static byte[] Have(int first, int count) =>
        Wire.Message(MessageType.Have, [.. Wire.U32(0), .. Wire.U64((ulong)first), 0, .. new byte[32 * count]]);

    /// <summary>A sender of two files that has sent its manifest.</summary>
    private static TreeSendSession Listed(byte[]? hello = null)
    {
        var session = new TreeSendSession(new TreeSummary(2, 2, (5L << 40) + 3, ["a"]), TreeFeatures.None);
        session.Push(hello ?? Hello);
        Drain(session);
        session.Give(new TreeEntry { Index = 0, Depth = 0, Kind = EntryKind.File, Name = "a", Size = 5L << 40 });
        session.Give(new TreeEntry { Index = 1, Depth = 0, Kind = EntryKind.File, Name = "b", Size = 3 });
        Drain(session);
        return session;
    }

    private static void Drain(TreeSendSession session)
    {
        var message = new byte[TreeLimits.MessageBytes + 4];
        while (session.TryTake(message, out _)) session.Sent();
    }
}
