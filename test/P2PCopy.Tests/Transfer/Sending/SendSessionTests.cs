using CsCheck;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Messages;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.Tests.Transfer.Sending;

public sealed class SendSessionTests
{
    [Fact]
    public void Blocks_go_ahead_of_their_confirmations_up_to_the_window()
    {
        var session = Start(size: 100 << 20);
        Assert.Equal(16, SendAll(session).Count);
        Assert.True(session.AwaitsPeer);

        session.Answered([1, 1]);

        Assert.Equal(2 << 20, session.ConfirmedBytes);
        Assert.Equal([new FileBlock(16 << 20, 1 << 20), new FileBlock(17 << 20, 1 << 20)], SendAll(session));
        Assert.Null(session.Ending);
    }

    [Fact]
    public void The_last_confirmation_ends_the_session()
    {
        var session = Start(size: (1 << 20) + 5);
        Assert.Equal([new FileBlock(0, 1 << 20), new FileBlock(1 << 20, 5)], SendAll(session));

        session.Answered([1]);
        Assert.Null(session.Ending);
        session.Answered([1]);

        Assert.Equal(OutcomeKind.Done, session.Ending?.Kind);
        Assert.Equal((1 << 20) + 5, session.ConfirmedBytes);
    }

    [Fact]
    public void An_empty_file_is_done_when_the_peer_closes()
    {
        var session = Start(size: 0);
        Assert.Empty(SendAll(session));
        Assert.Null(session.Ending);

        session.PeerClosed();

        Assert.Equal(OutcomeKind.Done, session.Ending?.Kind);
    }

    [Fact]
    public void An_empty_file_can_be_refused()
    {
        var session = Start(size: 0);
        session.Answered([0]);

        Assert.Equal(OutcomeKind.Refused, session.Ending?.Kind);
    }

    [Fact]
    public void Nothing_is_sent_before_the_header()
    {
        var session = new SendSession(new FileHeader("a", 10));
        Assert.True(session.WantsHeader);
        Assert.True(session.TryRead(4, out _));
        session.BlockRead(10);

        Assert.False(session.TrySend(out _));
        session.HeaderSent();
        Assert.False(session.WantsHeader);
        Assert.True(session.TrySend(out _));
    }

    [Fact]
    public void No_more_is_read_than_there_are_buffers()
    {
        var session = Start(size: 100 << 20);
        for (var block = 0; block < 4; block++) Assert.True(session.TryRead(4, out _));

        Assert.False(session.TryRead(4, out _));
        session.BlockRead(1 << 20);
        Assert.False(session.TryRead(4, out _));
        Assert.True(session.TrySend(out _));
        Assert.True(session.TryRead(4, out _));
    }

    [Theory]
    [InlineData(0, OutcomeKind.Refused)]
    [InlineData(2, OutcomeKind.BrokenOff)]
    public void A_peer_that_could_not_write_ends_the_session_with_that_reason(int confirmed, OutcomeKind kind)
    {
        var session = Start(size: 100 << 20);
        SendAll(session);
        session.Answered([.. Enumerable.Repeat((byte)1, confirmed), 0, 1]);

        Assert.Equal(kind, session.Ending?.Kind);
        Assert.False(session.TrySend(out _));
        Assert.False(session.TryRead(4, out _));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public void An_answer_that_is_none_is_misbehaviour(byte answer)
    {
        var session = Start(size: 10);
        SendAll(session);
        session.Answered([answer]);

        Assert.Equal(OutcomeKind.PeerMisbehaved, session.Ending?.Kind);
    }

    [Fact]
    public void A_confirmation_of_what_was_not_sent_is_misbehaviour()
    {
        var session = Start(size: 10);
        session.Answered([1]);

        Assert.Equal(OutcomeKind.PeerMisbehaved, session.Ending?.Kind);
    }

    [Fact]
    public void A_file_that_became_shorter_is_never_padded()
    {
        var session = Start(size: 3 << 20);
        Assert.True(session.TryRead(4, out _));
        Assert.True(session.TryRead(4, out _));
        session.BlockRead(1 << 20);
        session.BlockRead(17);

        Assert.Equal(OutcomeKind.SourceFailed, session.Ending?.Kind);
        Assert.False(session.TrySend(out _));
    }

    [Fact]
    public void A_peer_that_closes_early_breaks_the_copy_off()
    {
        var session = Start(size: 3 << 20);
        SendAll(session);
        session.Answered([1]);
        session.PeerClosed();

        Assert.Equal(OutcomeKind.BrokenOff, session.Ending?.Kind);
        Assert.Contains("1 MB of 3 MB", session.Ending!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_answers_keep_the_window_and_end_at_most_once() =>
        Gen.Select(Gen.Long[0, 40], Gen.Int[1, 7], Gen.Int[1, 30], Gen.Byte[0, 2].Array[0, 60]).Sample((size, block, window, answers) =>
        {
            var session = new SendSession(new FileHeader("a", size), block, window);
            session.HeaderSent();
            Ending? first = null;
            long sent = 0;
            foreach (var answer in answers)
            {
                foreach (var piece in SendAll(session))
                {
                    Assert.Equal(sent, piece.Offset);
                    sent += piece.Length;
                }

                Assert.True(sent - session.ConfirmedBytes <= Math.Max(block, window));
                session.Answered([answer]);
                first ??= session.Ending;
                Assert.Same(first, session.Ending);
                Assert.True(session.ConfirmedBytes <= sent && sent <= size);
            }

            if (session.Ending?.Kind == OutcomeKind.Done) Assert.Equal(size, session.ConfirmedBytes);
        }, iter: 5000);

    private static SendSession Start(long size)
    {
        var session = new SendSession(new FileHeader("hello.txt", size));
        session.HeaderSent();
        return session;
    }

    private static List<FileBlock> SendAll(SendSession session)
    {
        var blocks = new List<FileBlock>();
        while (true)
        {
            while (session.TryRead(4, out var read)) session.BlockRead(read.Length);
            if (!session.TrySend(out var block)) return blocks;
            blocks.Add(block);
        }
    }
}
