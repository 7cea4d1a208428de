using P2PCopy.Tests.Vectors;
using P2PCopy.Transfer;
using P2PCopy.Transfer.Messages;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.Tests.Transfer;

/// <summary>Both sessions against a captured copy by the original program.</summary>
public sealed class OriginalSessionTests
{
    private const int UdtHeaderBytes = 16;

    private static readonly VectorFile Capture = VectorFile.Load("p2pcopy-session");

    [Fact]
    public void The_sender_says_what_the_original_said()
    {
        var content = Sent(fromA: true)[^1];
        var session = new SendSession(new FileHeader("hello.txt", content.Length));
        var sent = new List<byte[]>();
        var field = new byte[64];

        Assert.True(session.WantsHeader);
        Assert.True(session.Header.TryWriteName(field, out var written));
        sent.Add(field[..written]);
        session.Header.WriteSize(field);
        sent.Add(field[..FileHeader.SizeBytes]);
        session.HeaderSent();
        Assert.True(session.TryRead(1, out var read));
        session.BlockRead(read.Length);
        Assert.True(session.TrySend(out var block));
        BlockLengthParser.Write(field, block.Length);
        sent.Add(field[..BlockLengthParser.FieldBytes]);
        sent.Add(content);

        Assert.Equal(Sent(fromA: true), sent);
        session.Answered(Sent(fromA: false).Single());
        Assert.Equal(OutcomeKind.Done, session.Ending?.Kind);
    }

    [Fact]
    public void The_receiver_understands_the_original_and_answers_as_it_did()
    {
        var session = new ReceiveSession(default);
        var content = new List<byte>();
        foreach (var send in Sent(fromA: true))
        {
            for (var position = 0; position < send.Length;)
            {
                var count = Math.Min(send.Length - position, session.WantedField + session.WantedData);
                Assert.True(count > 0, "every byte of the original is wanted");
                var bytes = send.AsSpan(position, count);
                position += count;
                if (session.WantedField > 0)
                {
                    session.FieldArrived(bytes);
                    continue;
                }

                content.AddRange(bytes);
                session.Accept();
                session.PieceWritten(session.DataArrived(count));
            }
        }

        Assert.Equal("hello.txt", session.Name?.Value);
        Assert.Equal("Hello, p2pcopy!\n"u8.ToArray(), content);
        Assert.True(session.MayCommit);
        session.Committed();
        var answers = new byte[8];
        var answered = session.TakeAnswers(answers);
        Assert.Equal(Sent(fromA: false).Single(), answers[..answered]);
        session.AnswersSent();
        Assert.Equal(OutcomeKind.Done, session.Ending?.Kind);
    }

    /// <summary>What the application sent: the payloads of the data packets, whose first bit is clear.</summary>
    private static List<byte[]> Sent(bool fromA) =>
        [.. Capture.Datagrams.Where(datagram => datagram.FromA == fromA && datagram.Bytes[0] < 0x80).Select(datagram => datagram.Bytes[UdtHeaderBytes..])];
}
