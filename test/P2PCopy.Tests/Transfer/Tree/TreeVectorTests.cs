using System.Security.Cryptography;
using P2PCopy.Tests.Vectors;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Receiving;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>The messages of <c>vectors/tree-session.txt</c>, which were written from the layouts and not by this program.</summary>
public sealed class TreeVectorTests
{
    private static readonly string[] FromSender = ["hello of the sender", "offer", "manifest", "chunk", "end of the file", "end"];
    private static readonly string[] FromReceiver = ["hello of the receiver", "acceptance", "plan", "first report", "last report", "done"];
    private static readonly string[] FromReceiverThatWantsAll = ["hello of a receiver that wants all", "acceptance", "first report", "last report", "done"];
    private static readonly VectorCases Vectors = VectorCases.Load("tree-session");

    [Fact]
    public void The_receiver_answers_the_vectors_with_the_vectors()
    {
        var (session, heard) = HostileSenderTests.Listen([.. FromSender.SelectMany(Sent)], new TreeReceiveOptions(), new Random(3));

        Assert.Equal(TreeEndings.Done, session.Ending);
        Assert.Equal(FromReceiver.Select(Received).Select(Convert.ToHexString), heard.Select(Convert.ToHexString));
    }

    [Fact]
    public void The_sender_says_the_vectors_when_it_hears_the_vectors()
    {
        var session = new TreeSendSession(Source.Summary, TreeFeatures.Digests);
        var said = new List<byte>(Say(session, Source));
        foreach (var answer in FromReceiver)
        {
            session.Push(Received(answer));
            said.AddRange(Say(session, Source));
        }

        Assert.Equal(TreeEndings.Done, session.Ending);
        Assert.Equal(Convert.ToHexString([.. FromSender.SelectMany(Sent)]), Convert.ToHexString([.. said]));
    }

    [Fact]
    public void Who_wants_all_hears_the_same_without_asking_for_it()
    {
        var (session, heard) = HostileSenderTests.Listen([.. FromSender.SelectMany(Sent)], new TreeReceiveOptions { Features = TreeFeatures.WantsAll }, new Random(3));

        Assert.Equal(TreeEndings.Done, session.Ending);
        Assert.Equal(FromReceiverThatWantsAll.Select(Received).Select(Convert.ToHexString), heard.Select(Convert.ToHexString));
    }

    [Fact]
    public void To_who_wants_all_everything_is_said_before_it_accepts()
    {
        var session = new TreeSendSession(Source.Summary, TreeFeatures.Digests);
        session.Push(Received(FromReceiverThatWantsAll[0]));
        var said = Say(session, Source);

        Assert.False(session.IsAccepted);
        Assert.Equal(Convert.ToHexString([.. FromSender.SelectMany(Sent)]), Convert.ToHexString([.. said]));
        foreach (var answer in FromReceiverThatWantsAll.Skip(1)) session.Push(Received(answer));
        Assert.Equal(TreeEndings.Done, session.Ending);
    }

    [Fact]
    public void A_reason_is_told_as_in_the_vectors()
    {
        Assert.True(NoteMessage.TryRead(Received("reason").AsSpan(MessageHeader.Bytes), out var note));
        Assert.Equal(new NoteMessage(1, EntryReason.Exists), note);
        Assert.Equal(Convert.ToHexString(Received("reason")), Convert.ToHexString(Wire.Message(MessageType.Note, note)));
    }

    private static ModelSource Source => new(
    [
        new ModelFile(new TreeEntry { Index = 0, Depth = 0, Kind = EntryKind.Folder, Name = "d", ModifiedNanoseconds = 1_000_000_000 }, []),
        new ModelFile(new TreeEntry { Index = 1, Depth = 1, Kind = EntryKind.File, Name = "a", Size = 5, ModifiedNanoseconds = 2_000_000_000, Executable = true }, "hello"u8.ToArray()),
    ]);

    private static byte[] Sent(string name) => Vectors[name].Bytes("sender");

    private static byte[] Received(string name) => Vectors[name].Bytes("receiver");

    private static List<byte> Say(TreeSendSession session, ModelSource source)
    {
        var said = new List<byte>();
        var (message, slots) = (new byte[TreeLimits.MessageBytes + 4], new byte[TreeSendSession.Slots][]);
        for (var acted = true; acted;)
        {
            acted = false;
            for (ListWish wish; (wish = session.Wish) != ListWish.None; acted = true) session.Give(source.Files[wish == ListWish.First ? 0 : 1].Entry);
            for (; session.TryAsk(out var step); acted = true)
            {
                if (step.Action == SourceAction.Close) session.Closed(step.Index, EntryStatus.Whole, SHA256.HashData("hello"u8));
                else session.ReadDone(step.Slot, source.Read(step.Index, step.Offset, slots[step.Slot] = new byte[step.Length]), default);
            }

            for (; session.TryTake(message, out var frame); acted = true, session.Sent())
            {
                said.AddRange(message[..frame.HeadBytes]);
                if (frame.Slot >= 0) said.AddRange(slots[frame.Slot].AsSpan(0, frame.PayloadBytes));
            }
        }

        return said;
    }
}
