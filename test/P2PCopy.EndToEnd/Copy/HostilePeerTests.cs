using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;

namespace P2PCopy.EndToEnd.Copy;

public sealed class HostilePeerTests
{
    [Fact]
    public async Task The_original_sender_stops_and_waits_for_each_half_megabyte()
    {
        using var to = new TemporaryFolder();
        var (peer, receiving) = Receive(to);
        var content = new byte[1_200_000];
        new Random(3).NextBytes(content);

        await peer.SayAsync(ScriptedPeer.Header("a.bin", content.Length));
        foreach (var block in content.Chunk(512 << 10))
        {
            await peer.SayAsync(ScriptedPeer.Length(block.Length));
            await peer.SayAsync(block);
            Assert.Equal([1], await peer.HearAsync(1));
        }

        // The last confirmation is out only when the file is under its final name.
        Assert.Equal(content, await File.ReadAllBytesAsync(to["a.bin"], TestContext.Current.CancellationToken));
        peer.Close();
        Assert.Equal(OutcomeKind.Done, (await receiving).Kind);
    }

    [Fact]
    public async Task The_original_receiver_confirms_block_by_block_and_closes()
    {
        using var from = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 2_500_000));
        var (a, b) = DuplexStream.Pair();
        var peer = new ScriptedPeer(b);
        var sending = new CopyRunner(a.Connection).SendAsync(source, new SendOptions(), CancellationToken.None);

        Assert.Equal(ScriptedPeer.Header("a.bin", 2_500_000), await peer.HearAsync(14));
        var received = new List<byte>();
        while (received.Count < 2_500_000)
        {
            var length = BitConverter.ToInt32(await peer.HearAsync(4));
            Assert.InRange(length, 1, 4 << 20);
            received.AddRange(await peer.HearAsync(length));
            await peer.SayAsync(1);
        }

        Assert.Empty(await peer.HearToEndAsync());
        var sent = await sending;
        Assert.Equal(OutcomeKind.Done, sent.Kind);
        Assert.Equal(await File.ReadAllBytesAsync(source.Path, TestContext.Current.CancellationToken), received);
    }

    [Fact]
    public async Task An_empty_file_is_there_when_its_receiver_closes_before_the_write_of_the_header_ends()
    {
        using var from = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("empty", 0));
        var connection = new CopyConnection(new HastyReceiverStream(), DuplexStream.Pair().A, () => 0, _ => Task.CompletedTask, () => { });

        var sent = await new CopyRunner(connection).SendAsync(source, new SendOptions(), TestContext.Current.CancellationToken);

        Assert.Equal(OutcomeKind.Done, sent.Kind);
    }

    [Fact]
    public async Task The_sender_goes_ahead_sixteen_megabytes_and_no_further()
    {
        using var from = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 20 << 20));
        var (a, b) = DuplexStream.Pair();
        var peer = new ScriptedPeer(b);
        var sending = new CopyRunner(a.Connection).SendAsync(source, new SendOptions(), CancellationToken.None);

        await peer.HearAsync(14);
        await peer.HearAsync(16 * (4 + (1 << 20)));
        var next = peer.HearAsync(4);
        Assert.False(next.IsCompleted);
        await peer.SayAsync(1);
        Assert.Equal(ScriptedPeer.Length(1 << 20), await next);
        peer.Close();
        Assert.Equal(OutcomeKind.BrokenOff, (await sending).Kind);
    }

    public static TheoryData<string, byte[], OutcomeKind, byte[]> Scripts => new()
    {
        { "nothing at all", [], OutcomeKind.BrokenOff, [] },
        { "half a header", [5, 97, 46], OutcomeKind.BrokenOff, [] },
        { "half a file", [.. ScriptedPeer.Header("a.bin", 100), .. ScriptedPeer.Length(50), .. new byte[50]], OutcomeKind.BrokenOff, [1] },
        { "an endless length", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF], OutcomeKind.PeerMisbehaved, [] },
        { "a name that is no text", [2, 0xC3, 0x28, .. new byte[8]], OutcomeKind.PeerMisbehaved, [] },
        { "a negative size", [.. ScriptedPeer.Header("a.bin", -1)], OutcomeKind.PeerMisbehaved, [] },
        { "an empty block", [.. ScriptedPeer.Header("a.bin", 100), .. ScriptedPeer.Length(0)], OutcomeKind.PeerMisbehaved, [] },
        { "a negative block", [.. ScriptedPeer.Header("a.bin", 100), .. ScriptedPeer.Length(-7)], OutcomeKind.PeerMisbehaved, [] },
        { "more than announced", [.. ScriptedPeer.Header("a.bin", 100), .. ScriptedPeer.Length(60), .. new byte[60], .. ScriptedPeer.Length(41)], OutcomeKind.PeerMisbehaved, [1] },
        { "a huge block", [.. ScriptedPeer.Header("a.bin", 1L << 32), .. ScriptedPeer.Length(int.MaxValue)], OutcomeKind.PeerMisbehaved, [] },
        { "a path", [.. ScriptedPeer.Header("../escaped.txt", 1)], OutcomeKind.Refused, [0] },
        { "an absolute path", [.. ScriptedPeer.Header("/tmp/escaped.txt", 1)], OutcomeKind.Refused, [0] },
        { "a device", [.. ScriptedPeer.Header("NUL.txt", 1)], OutcomeKind.Refused, [0] },
        { "a command file", [.. ScriptedPeer.Header(".bashrc", 1)], OutcomeKind.Refused, [0] },
        { "more than any disk", [.. ScriptedPeer.Header("a.bin", long.MaxValue)], OutcomeKind.LocalDisk, [0] },
    };

    [Theory, MemberData(nameof(Scripts))]
    public async Task A_hostile_sender_leaves_nothing_but_a_sentence(string what, byte[] script, OutcomeKind kind, byte[] answers)
    {
        using var to = new TemporaryFolder();
        var (peer, receiving) = Receive(to);
        await peer.SayAsync(script);
        if (kind == OutcomeKind.BrokenOff)
        {
            if (answers.Length > 0) Assert.Equal(answers, await peer.HearAsync(answers.Length));
            peer.Close();
        }

        var outcome = await receiving.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(kind, outcome.Kind);
        Assert.NotEmpty(outcome.Sentence);
        Assert.Null(outcome.FinalPath);
        Assert.Empty(to.Names);
        if (kind is OutcomeKind.Refused or OutcomeKind.LocalDisk) Assert.Equal(answers, await peer.HearToEndAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {outcome.Sentence}");
    }

    [Theory]
    [InlineData(new byte[] { 0 }, OutcomeKind.Refused)]
    [InlineData(new byte[] { 1, 0 }, OutcomeKind.BrokenOff)]
    [InlineData(new byte[] { 7 }, OutcomeKind.PeerMisbehaved)]
    public async Task A_receiver_can_stop_the_sender_with_a_reason(byte[] answers, OutcomeKind kind)
    {
        using var from = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 3 << 20));
        var (a, b) = DuplexStream.Pair();
        var peer = new ScriptedPeer(b);
        var sending = new CopyRunner(a.Connection).SendAsync(source, new SendOptions(), CancellationToken.None);
        await peer.HearAsync(14 + 4 + (1 << 20) + 4);
        await peer.SayAsync(answers);

        var sent = await sending.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(kind, sent.Kind);
        Assert.Equal((answers.Length - 1) << 20, sent.Bytes);
    }

    [Fact]
    public async Task The_last_word_of_a_receiver_is_heard_although_writing_fails()
    {
        using var from = new TemporaryFolder();
        using var source = CopyPair.Open(from.Write("a.bin", 30 << 20));
        var (a, b) = DuplexStream.Pair();
        var peer = new ScriptedPeer(b);
        var sending = new CopyRunner(a.Connection).SendAsync(source, new SendOptions(), CancellationToken.None);
        await peer.HearAsync(14);
        await peer.SayAsync(0);
        peer.Close();

        Assert.Equal(OutcomeKind.Refused, (await sending.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Kind);
    }

    private static (ScriptedPeer Peer, Task<CopyOutcome> Receiving) Receive(TemporaryFolder to)
    {
        var (a, b) = DuplexStream.Pair();
        return (new ScriptedPeer(a), new CopyRunner(b.Connection).ReceiveAsync(new ReceiveOptions { Folder = to.Path }, CopyPair.Accept, CancellationToken.None));
    }
}
