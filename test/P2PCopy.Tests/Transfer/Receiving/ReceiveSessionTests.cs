using CsCheck;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Messages;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Tests.Transfer.Receiving;

public sealed class ReceiveSessionTests
{
    [Fact]
    public void Blocks_are_confirmed_after_they_were_written_and_the_last_after_the_final_name()
    {
        var session = Offered("a.bin", 20);
        session.Accept();
        var first = Block(session, 12);
        var second = Block(session, 8);
        Assert.Empty(Answers(session));

        session.PieceWritten(first);
        Assert.Equal([1], Answers(session));
        session.PieceWritten(second);
        Assert.Empty(Answers(session));
        Assert.True(session.MayCommit);
        Assert.Null(session.Ending);

        session.Committed();
        Assert.Equal([1], Answers(session));
        Assert.Equal(OutcomeKind.Done, session.Ending?.Kind);
    }

    [Fact]
    public void Data_is_taken_while_the_user_thinks_and_nothing_is_confirmed()
    {
        var session = Offered("a.bin", 20);
        Assert.True(session.NeedsDecision);
        Block(session, 12);

        Assert.True(session.NeedsDecision);
        Assert.Empty(Answers(session));
        Assert.False(session.MayCommit);
    }

    [Fact]
    public void A_refusal_tells_the_peer_with_one_byte_and_ends()
    {
        var session = Offered("a.bin", 20);
        session.Fail(RefusalEndings.ByUser("not now"));
        Assert.Equal(0, session.WantedField + session.WantedData);
        Assert.Null(session.Ending);

        Assert.Equal([0], Answers(session));
        Assert.Equal(OutcomeKind.Refused, session.Ending?.Kind);
    }

    [Fact]
    public void An_unsafe_name_is_never_asked_about()
    {
        var session = Offered("../escaped.txt", 20);

        Assert.Null(session.Name);
        Assert.False(session.NeedsDecision);
        Assert.Equal([0], Answers(session));
        Assert.Equal(OutcomeKind.Refused, session.Ending?.Kind);
    }

    [Fact]
    public void A_file_beyond_the_limit_is_never_asked_about()
    {
        var session = new ReceiveSession(default, maxSize: 19);
        Push(session, Header("a.bin", 20));

        Assert.False(session.NeedsDecision);
        Assert.Equal([0], Answers(session));
        Assert.Equal(OutcomeKind.Refused, session.Ending?.Kind);
    }

    [Fact]
    public void An_empty_file_is_finished_without_a_block_or_a_byte()
    {
        var session = Offered("a.bin", 0);
        Assert.Equal(0, session.WantedField + session.WantedData);
        session.PeerClosed();
        Assert.True(session.NeedsDecision);
        session.Accept();
        Assert.True(session.MayCommit);
        session.Committed();

        Assert.Empty(Answers(session));
        Assert.Equal(OutcomeKind.Done, session.Ending?.Kind);
    }

    [Fact]
    public void A_sender_that_closes_after_its_last_byte_does_not_spoil_the_file()
    {
        var session = Offered("a.bin", 5);
        session.Accept();
        var piece = Block(session, 5);
        session.PeerClosed();
        session.PieceWritten(piece);
        Assert.True(session.MayCommit);
        session.Committed();

        Assert.Equal(OutcomeKind.Done, session.Ending?.Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_sender_that_closes_early_breaks_the_copy_off(int received)
    {
        var session = Offered("a.bin", 20);
        session.Accept();
        if (received > 0) Block(session, received);
        session.PeerClosed();

        Assert.Equal(OutcomeKind.BrokenOff, session.Ending?.Kind);
        Assert.False(session.MayCommit);
    }

    [Fact]
    public void A_sender_that_says_nothing_is_reported_as_that()
    {
        var session = new ReceiveSession(default);
        session.PeerClosed();

        Assert.Equal(OutcomeKind.BrokenOff, session.Ending?.Kind);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(21)]
    [InlineData((4 << 20) + 1)]
    public void A_block_that_cannot_be_ends_the_session(int length)
    {
        var session = Offered("a.bin", 20);
        session.Accept();
        Push(session, Length(length));

        Assert.Equal(OutcomeKind.PeerMisbehaved, session.Ending?.Kind);
        Assert.Equal(0, session.WantedField + session.WantedData);
    }

    [Fact]
    public void A_failing_disk_stops_reading_and_tells_the_peer()
    {
        var session = Offered("a.bin", 20);
        session.Accept();
        Block(session, 12);
        session.Fail(new Ending(OutcomeKind.LocalDisk, "The disk is full."));

        Assert.Equal(0, session.WantedField + session.WantedData);
        Assert.Equal([0], Answers(session));
        Assert.Equal(OutcomeKind.LocalDisk, session.Ending?.Kind);
    }

    [Fact]
    public void Nothing_is_read_behind_the_last_byte()
    {
        var session = Offered("a.bin", 5);
        session.Accept();
        Block(session, 5);

        Assert.Equal(0, session.WantedField + session.WantedData);
    }

    [Fact]
    public void Random_bytes_never_throw_and_never_exceed_what_was_announced() =>
        Gen.Select(Gen.Bool, Gen.Byte.Array[0, 200], Gen.Int[1, 50]).Sample((valid, noise, portion) =>
        {
            var session = new ReceiveSession(default);
            var wire = valid ? [.. Header("a", 300), .. Length(noise.Length + 1), .. noise, .. noise, .. noise] : noise;
            var position = 0;
            while (position < wire.Length && session.WantedField + session.WantedData > 0)
            {
                Assert.InRange(session.WantedField, 0, 1024);
                Assert.InRange(session.WantedData, 0, 4 << 20);
                var count = Math.Min(Math.Min(portion, wire.Length - position), session.WantedField + session.WantedData);
                if (session.WantedField > 0)
                {
                    session.FieldArrived(wire.AsSpan(position, count));
                }
                else
                {
                    var piece = session.DataArrived(count);
                    Assert.True(piece.Offset + piece.Length <= session.Size);
                    if (session.NeedsDecision) session.Accept();
                    session.PieceWritten(piece);
                }

                position += count;
            }

            Assert.True(session.WrittenBytes <= session.Size);
        }, iter: 20_000);

    internal static byte[] Header(string name, long size)
    {
        var wire = new byte[2048];
        var header = new FileHeader(name, size);
        Assert.True(header.TryWriteName(wire, out var length));
        header.WriteSize(wire.AsSpan(length));
        return wire[..(length + FileHeader.SizeBytes)];
    }

    private static ReceiveSession Offered(string name, long size)
    {
        var session = new ReceiveSession(default);
        Push(session, Header(name, size));
        return session;
    }

    private static void Push(ReceiveSession session, byte[] bytes)
    {
        for (var position = 0; position < bytes.Length;)
        {
            var count = Math.Min(session.WantedField, bytes.Length - position);
            Assert.True(count > 0, "the session wants the field");
            session.FieldArrived(bytes.AsSpan(position, count));
            position += count;
        }
    }

    private static byte[] Length(int length)
    {
        var wire = new byte[4];
        BlockLengthParser.Write(wire, length);
        return wire;
    }

    private static FilePiece Block(ReceiveSession session, int length)
    {
        Push(session, Length(length));
        Assert.Equal(length, session.WantedData);
        return session.DataArrived(length);
    }

    private static byte[] Answers(ReceiveSession session)
    {
        var answers = new byte[16];
        var count = session.TakeAnswers(answers);
        if (count > 0) session.AnswersSent();
        return answers[..count];
    }
}
