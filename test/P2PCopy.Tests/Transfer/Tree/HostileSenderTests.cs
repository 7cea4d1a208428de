using P2PCopy.Datagrams;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>Whatever a sender sends, the receiver ends with a sentence, tells it to the peer, and never throws.</summary>
public sealed class HostileSenderTests
{
    private const int Size = 3_000_000;
    private static readonly byte[] Hello = Wire.Hello(sends: true);
    private static readonly byte[] HelloThatKnows = Wire.Hello(sends: true, features: TreeFeatures.WantsAll);
    private static readonly TreeReceiveOptions WantsAll = new() { Features = TreeFeatures.WantsAll };
    private static readonly byte[] Greeted = [.. Hello, .. Wire.Offer(2, 2, Size + 5)];
    private static readonly byte[] Listed =
        [.. Greeted, .. Wire.Message(MessageType.Entries, [.. Wire.Entry(0, EntryKind.File, Size, "a"), .. Wire.Entry(0, EntryKind.File, 5, "b")])];

    public static TheoryData<string, byte[]> Faults => new()
    {
        { "no greeting", Wire.Offer(1, 1, 1) },
        { "wrong magic", Wire.Message(MessageType.Hello, new byte[13]) },
        { "two greetings", [.. Hello, .. Hello] },
        { "a receiver too", Wire.Hello(sends: false) },
        { "from the future", Wire.Hello(sends: true, 2, 9) },
        { "versions upside down", Wire.Hello(sends: true, 2, 1) },
        { "unknown message", [.. Hello, 16, 0, 0, 0] },
        { "message type 0", [0, 0, 0, 0] },
        { "a message of 16 MiB", [.. Hello, 2, 255, 255, 255] },
        { "a chunk of 16 MiB", [.. Listed, 7, 255, 255, 255] },
        { "a chunk without head", [.. Listed, 7, 0, 0, 3] },
        { "no entries", [.. Hello, .. Wire.Offer(0, 0, 0)] },
        { "too many entries", [.. Hello, .. Wire.Offer((1 << 24) + 1, 1, 0)] },
        { "more files than entries", [.. Hello, .. Wire.Offer(1, 2, 0)] },
        { "a total beyond 63 bits", [.. Hello, .. Wire.Offer(1, 1, 1UL << 63)] },
        { "an offer that is cut", [.. Hello, .. Wire.Message(MessageType.Offer, 0, 0, 0, 1)] },
        { "two offers", [.. Greeted, .. Wire.Offer(1, 1, 1)] },
        { "an empty page", [.. Greeted, .. Wire.Message(MessageType.Entries)] },
        { "an entry that is cut", [.. Greeted, .. Wire.Message(MessageType.Entries, 0, 1, 0)] },
        { "an entry without a name", [.. Greeted, .. Wire.Message(MessageType.Entries, Wire.Entry(0, EntryKind.File, 1, ""))] },
        { "an entry of no kind", [.. Greeted, .. Wire.Message(MessageType.Entries, Wire.Entry(0, (EntryKind)9, 1, "a"))] },
        { "an entry in no folder", [.. Greeted, .. Wire.Message(MessageType.Entries, Wire.Entry(1, EntryKind.File, 1, "a"))] },
        { "a file used as a folder", [.. Greeted, .. Wire.Message(MessageType.Entries, [.. Wire.Entry(0, EntryKind.File, 1, "a"), .. Wire.Entry(1, EntryKind.File, 1, "b")])] },
        { "a negative size", [.. Greeted, .. Wire.Message(MessageType.Entries, Wire.Entry(0, EntryKind.File, ulong.MaxValue, "a"))] },
        { "more bytes than offered", [.. Greeted, .. Wire.Message(MessageType.Entries, Wire.Entry(0, EntryKind.File, Size + 6, "a"))] },
        { "fewer bytes than offered", [.. Greeted, .. Wire.Message(MessageType.Entries, [.. Wire.Entry(0, EntryKind.File, 1, "a"), .. Wire.Entry(0, EntryKind.File, 5, "b")])] },
        { "more entries than offered", [.. Listed, .. Wire.Message(MessageType.Entries, Wire.Entry(0, EntryKind.Folder, 0, "c"))] },
        { "the end at once", [.. Listed, .. Wire.Message(MessageType.End, new EndMessage(0, 0))] },
        { "content of another file", [.. Listed, .. Wire.Chunk(1, 0, 5)] },
        { "content of no file", [.. Listed, .. Wire.Chunk(uint.MaxValue, 0, 5)] },
        { "content at another place", [.. Listed, .. Wire.Chunk(0, 1, 5)] },
        { "content far away", [.. Listed, .. Wire.Chunk(0, ulong.MaxValue, 5)] },
        { "a chunk beyond the size", [.. Listed, .. Wire.Chunk(0, 0, 1 << 20), .. Wire.Chunk(0, 1 << 20, 1 << 20), .. Wire.Chunk(0, 2 << 20, 1 << 20)] },
        { "a hole beyond the size", [.. Listed, .. Wire.Message(MessageType.Hole, new HoleMessage(0, 0, Size + 1))] },
        { "a hole that wraps", [.. Listed, .. Wire.Message(MessageType.Hole, new HoleMessage(0, 0, ulong.MaxValue))] },
        { "a hole of nothing", [.. Listed, .. Wire.Message(MessageType.Hole, new HoleMessage(0, 0, 0))] },
        { "blocks that were not told", [.. Listed, .. Wire.Message(MessageType.Same, new SameMessage(0, 0, 1))] },
        { "blocks without end", [.. Listed, .. Wire.Message(MessageType.Same, new SameMessage(0, 0, ulong.MaxValue))] },
        { "an end before the end", [.. Listed, .. Wire.EndFile(0, 0, 0)] },
        { "an end with another size", [.. Listed, .. Wire.EndFile(0, 1, 7)] },
        { "an end of no kind", [.. Listed, .. Wire.EndFile(0, 9, 0)] },
        { "dropped without wish", [.. Listed, .. Wire.EndFile(0, 3, 0)] },
        { "a digest that nobody wants", [.. Listed, .. Wire.Message(MessageType.EndFile, [.. Wire.U32(0), 1, .. Wire.U64(0), .. new byte[32]])] },
        { "the end of the same file twice", [.. Listed, .. Wire.EndFile(0, 1, 0), .. Wire.EndFile(0, 1, 0)] },
        { "a plan from the wrong side", [.. Listed, .. Wire.Plan((1, 1))] },
        { "done from the wrong side", [.. Listed, .. Wire.Message(MessageType.Done, new DoneMessage(0, 0, 0))] },
    };

    /// <summary>Two programs that do not fit are no fault of either.</summary>
    private static OutcomeKind KindOf(string what) => what switch
    {
        "a receiver too" => OutcomeKind.Refused,
        "from the future" => OutcomeKind.VersionsDiffer,
        _ => OutcomeKind.PeerMisbehaved,
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_ends_the_session_with_a_sentence(string what, byte[] bytes)
    {
        var (session, heard) = Listen(bytes, new TreeReceiveOptions(), new Random(1));

        Assert.NotNull(session.Ending);
        Assert.Equal(KindOf(what), session.Ending.Kind);
        Assert.NotEmpty(session.Ending.What + session.Ending.Why);
        Assert.Equal((byte)MessageType.Abort, heard[^1][0]);
        Assert.NotEmpty(what);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Nor_does_it_help_that_the_receiver_wants_all(string what, byte[] bytes)
    {
        if (bytes.AsSpan().StartsWith(Hello)) bytes = [.. HelloThatKnows, .. bytes.AsSpan(Hello.Length)];
        var (session, heard) = Listen(bytes, WantsAll, new Random(1));

        Assert.Equal(KindOf(what), session.Ending?.Kind);
        Assert.Equal((byte)MessageType.Abort, heard[^1][0]);
    }

    [Fact]
    public void What_comes_before_the_acceptance_waits_for_it()
    {
        byte[] listed = [.. HelloThatKnows, .. Listed.AsSpan(Hello.Length)];
        var session = new TreeReceiveSession(WantsAll);
        var bytes = (byte[])[.. listed, .. Wire.Chunk(0, 0, 1 << 20)];
        var steps = new List<TargetStep>();
        for (var rest = bytes.AsMemory(); session.Push(rest.Span, out var step) is var consumed && (consumed > 0 || step.Action != TargetAction.None); rest = rest[consumed..])
            if (step.Action != TargetAction.None) steps.Add(step);

        Assert.All(steps, step => Assert.Equal(TargetAction.Add, step.Action));
        Assert.False(session.HoldsSteps);
        Assert.Null(session.Ending);

        // And then all of it comes, although nothing more arrives that would ask for it.
        foreach (var step in steps) session.Settled(step, null);
        for (var plans = 0; session.TryAsk(out var question); plans++)
        {
            if (question.Inquiry == TargetInquiry.Decide) session.Accept();
            else if (question.Inquiry == TargetInquiry.Prepare) session.Prepared(null);
            else session.Begun([new EntryPlan(steps[question.Index].Entry!, PlanKind.Fresh)]);
        }

        session.Take(new byte[TreeLimits.MessageBytes + 4], Instant.Zero);
        session.Sent();
        session.Take(new byte[TreeLimits.MessageBytes + 4], Instant.Zero);
        session.Sent();
        Assert.True(session.HoldsSteps);
        Assert.Equal(1 << 20, session.Push(new byte[1 << 20], out var write));
        Assert.Equal(TargetAction.Write, write.Action);
    }

    public static TheoryData<string, byte[], int> NotTaken => new()
    {
        { "a file in one piece", [.. Offered(EntryKind.File, 5), .. Wire.Chunk(0, 0, 5)], 0 },
        { "a file in pieces", [.. Offered(EntryKind.File, 9), .. Wire.Chunk(0, 0, 5), .. Wire.Chunk(0, 5, 3)], 1 },
        { "a file that begins with a hole", [.. Offered(EntryKind.File, 9), .. Wire.Message(MessageType.Hole, new HoleMessage(0, 0, 5)), .. Wire.Chunk(0, 5, 3)], 1 },
        { "a stream", [.. Offered(EntryKind.Stream, 0), .. Wire.Chunk(0, 0, 5), .. Wire.Chunk(0, 5, 5)], 1 },
    };

    [Theory]
    [MemberData(nameof(NotTaken))]
    public void What_comes_unasked_and_is_not_taken_is_dropped_once_if_there_is_more_of_it(string what, byte[] bytes, int drops)
    {
        var session = new TreeReceiveSession(WantsAll);
        var heard = Deliver(session, bytes, _ => true, plan: PlanKind.Skip);

        Assert.Null(session.Ending);
        Assert.Equal(drops, heard.Count(message => message[0] == (byte)MessageType.Drop));
        Assert.NotEmpty(what);
    }

    [Fact]
    public void More_than_the_window_ends_the_session()
    {
        var session = new TreeReceiveSession(new TreeReceiveOptions { WindowBytes = 1 << 20 });
        Deliver(session, [.. Listed, .. Wire.Chunk(0, 0, 1 << 20), .. Wire.Chunk(0, 1 << 20, 1)], obeys: step => step.Action == TargetAction.Add);

        Assert.Equal(OutcomeKind.PeerMisbehaved, session.Ending?.Kind);
    }

    [Fact]
    public void A_stream_longer_than_allowed_is_refused()
    {
        byte[] listed = [.. Hello, .. Wire.Offer(1, 1, 0), .. Wire.Message(MessageType.Entries, Wire.Entry(0, EntryKind.Stream, 0, "-"))];
        var (session, _) = Listen([.. listed, .. Wire.Chunk(0, 0, 100), .. Wire.Chunk(0, 100, 1)], new TreeReceiveOptions { StreamLimit = 100 }, new Random(1));

        Assert.Equal(OutcomeKind.Refused, session.Ending?.Kind);
    }

    [Fact]
    public void Random_and_damaged_bytes_never_throw()
    {
        byte[] good = [.. HelloThatKnows, .. Listed.AsSpan(Hello.Length), .. Wire.Chunk(0, 0, 1 << 20), .. Wire.Chunk(0, 1 << 20, 1 << 20), .. Wire.Chunk(0, 2 << 20, Size - (2 << 20)), .. Wire.EndFile(0, 0, Size),
            .. Wire.Message(MessageType.Hole, new HoleMessage(1, 0, 5)), .. Wire.EndFile(1, 0, 5), .. Wire.Message(MessageType.End, new EndMessage(2, Size))];
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var bytes = good.ToArray();
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                // Most of the bytes are content, where damage does no harm: aim at the messages.
                var at = random.Next(3) == 0 ? random.Next(bytes.Length) : random.Next(2) == 0 ? random.Next(Listed.Length) : bytes.Length - 1 - random.Next(100);
                bytes[at] = (byte)random.Next(256);
            }

            if (random.Next(4) == 0) random.NextBytes(bytes.AsSpan(random.Next(200)));
            var (session, _) = Listen(bytes, seed % 2 == 0 ? new TreeReceiveOptions() : WantsAll, random);
            session.PeerClosed();
            session.End(TreeEndings.Done);
            Assert.NotNull(session.Ending);
        }

        var (sound, _) = Listen(good, new TreeReceiveOptions(), new Random(0));
        Assert.Equal(TreeEndings.Done, sound.Ending);
    }

    internal static (TreeReceiveSession Session, List<byte[]> Heard) Listen(byte[] bytes, TreeReceiveOptions options, Random random)
    {
        var session = new TreeReceiveSession(options);
        var heard = Deliver(session, bytes, _ => true, random);
        return (session, heard);
    }

    private static byte[] Offered(EntryKind kind, ulong size) =>
        [.. HelloThatKnows, .. Wire.Offer(1, 1, size), .. Wire.Message(MessageType.Entries, Wire.Entry(0, kind, size, "a"))];

    /// <summary>Delivers bytes in portions to a receiver whose user and disk take everything.</summary>
    private static List<byte[]> Deliver(TreeReceiveSession session, byte[] bytes, Func<TargetStep, bool> obeys, Random? random = null, PlanKind plan = PlanKind.Fresh)
    {
        var entries = new List<TreeEntry>();
        var heard = new List<byte[]>();
        var message = new byte[TreeLimits.MessageBytes + 4];
        var rest = bytes.AsSpan();
        while (true)
        {
            var portion = rest[..Math.Min(rest.Length, 1 + (random?.Next(1 << 20) ?? 1 << 20))];
            var consumed = session.Push(portion, out var step);
            rest = rest[consumed..];
            if (step.Action == TargetAction.Add) entries.Add(step.Entry!);
            var acted = consumed > 0 || step.Action != TargetAction.None;
            if (step.Action != TargetAction.None && obeys(step)) session.Settled(step, null);
            while (session.TryAsk(out var question))
            {
                acted = true;
                if (question.Inquiry == TargetInquiry.Decide) session.Accept();
                else if (question.Inquiry == TargetInquiry.Prepare) session.Prepared(null);
                else if (question.Inquiry == TargetInquiry.Begin) session.Begun([new EntryPlan(entries[question.Index], plan)]);
                else session.Finished(null);
            }

            for (int length; (length = session.Take(message, Instant.Zero)) > 0; session.Sent()) heard.Add(message[..length]);
            if (!acted) return heard;
        }
    }
}
