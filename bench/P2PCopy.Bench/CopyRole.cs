using System.Diagnostics;
using System.Net;
using P2PCopy.Datagrams;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Sending;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.Bench;

/// <summary>One end of a measured copy of a file, as the program copies it: sealed, with part file, journal and verified chunks.</summary>
internal static class CopyRole
{
    /// <summary>Meets the receiver and sends a file.</summary>
    public static Task<int> SendAsync(UdpEndpoint receiver, string file, UdtOptions options) => SealedRole.SendAsync(receiver, options, async (stream, cancellation) =>
    {
        var clock = Stopwatch.StartNew();
        Console.WriteLine("flows");
        if (!TreeSource.TryOpen([file], withLinks: false, out var source, out var failure)) throw new IOException(failure.Sentence);
        using (source)
            return await ConcludeAsync(stream, clock, await new TreeRunner(CopyConnection.Over(stream)).SendAsync(source, new SendOptions(), cancellation), sends: true);
    });

    /// <summary>Meets whoever has the sender's key and receives into a folder.</summary>
    public static Task<int> ReceiveAsync(IPEndPoint local, IPAddress sender, string folder, UdtOptions options) => SealedRole.ReceiveAsync(local, sender, options, async (stream, cancellation) =>
    {
        var clock = Stopwatch.StartNew();
        var receive = new ReceiveOptions { Folder = folder };
        var outcome = await new TreeRunner(CopyConnection.Over(stream)).ReceiveAsync(receive, (_, _) => ValueTask.FromResult(OfferDecision.Accept), cancellation);
        return await ConcludeAsync(stream, clock, outcome, sends: false);
    });

    private static async Task<int> ConcludeAsync(UdtStream stream, Stopwatch clock, CopyOutcome outcome, bool sends)
    {
        if (outcome.Kind != OutcomeKind.Done) throw new IOException(outcome.Sentence);
        UdtRole.Report(sends ? outcome.Bytes : 0, sends ? 0 : outcome.Bytes, clock.Elapsed);
        await Console.Error.WriteLineAsync(stream.Statistics.ToString());
        return 0;
    }
}
