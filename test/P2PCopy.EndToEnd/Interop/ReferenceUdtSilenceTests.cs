using System.Diagnostics;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>A peer that vanished; this test only waits, so it needs no machine of its own and runs beside others.</summary>
public sealed class ReferenceUdtSilenceTests
{
    [InteropFact]
    public async Task A_killed_reference_is_noticed_after_about_46_seconds()
    {
        await using var session = await InteropSession.ConnectAsync(OurRole.Rendezvous, "--hold");
        session.Reference.Process.Kill();
        var silence = Stopwatch.StartNew();
        var failure = await Assert.ThrowsAsync<UdtException>(
            async () => await session.Stream.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(90)));
        Assert.Equal(CloseReason.PeerTimedOut, failure.Reason);
        Assert.InRange(silence.Elapsed.TotalSeconds, 40, 60);
    }
}
