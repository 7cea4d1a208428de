using P2PCopy.EndToEnd.Lab;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>The same over a machine's own network that loses packets in both directions, handshakes and acknowledgements included.</summary>
[Collection(LabCollection.Name)]
public sealed class ReferenceUdtLossTests : IDisposable
{
    private const long MiB = 1L << 20;

    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [LabTheory]
    [InlineData(OurRole.Caller)]
    [InlineData(OurRole.Listener)]
    [InlineData(OurRole.Rendezvous)]
    public async Task What_we_send_arrives_whole_with_one_packet_in_a_hundred_lost(OurRole role)
    {
        await using var session = await InteropSession.ConnectAsync(role, $"--receive {8 * MiB} --until-closed", machine: AddLossyMachine(percent: 1));
        await session.SendAsync(8 * MiB);
        await session.CloseAsync();
        await ReportAsync(session);
    }

    [LabTheory]
    [InlineData(OurRole.Caller)]
    [InlineData(OurRole.Listener)]
    [InlineData(OurRole.Rendezvous)]
    public async Task What_the_reference_sends_arrives_whole_with_one_packet_in_a_hundred_lost(OurRole role)
    {
        await using var session = await InteropSession.ConnectAsync(role, $"--send {2 * MiB} --until-closed", machine: AddLossyMachine(percent: 1));
        await session.ReceiveAsync(2 * MiB);
        await session.CloseAsync();
        await ReportAsync(session);
    }

    private static async Task ReportAsync(InteropSession session)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(await session.Reference.FinishAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"{session.Stream.Statistics}");
    }

    private LabNamespace AddLossyMachine(int percent)
    {
        var machine = _lab.Add("lossy");
        machine.Nft($$"""
            table ip loss {
                chain leaving { type filter hook output priority filter; meta l4proto udp numgen random mod 100 < {{percent}} drop; }
            }
            """);
        return machine;
    }
}
