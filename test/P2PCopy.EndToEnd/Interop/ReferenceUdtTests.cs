using P2PCopy.EndToEnd.Lab;
using P2PCopy.Udt;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>Our UDT and the C++ reference library send each other streams, in every pairing of roles.</summary>
[Collection(LabCollection.Name)]
public sealed class ReferenceUdtTests
{
    private const long GiB = 1L << 30;
    private const long MiB = 1L << 20;

    public static TheoryData<OurRole> Roles => [OurRole.Caller, OurRole.Listener, OurRole.Rendezvous];

    [InteropTheory, MemberData(nameof(Roles))]
    public async Task A_gibibyte_that_we_send_arrives_whole(OurRole role)
    {
        await using var session = await InteropSession.ConnectAsync(role, $"--receive {GiB} --until-closed");
        await session.SendAsync(GiB);
        await session.CloseAsync();
        await ReportAsync(session);
    }

    [InteropTheory, MemberData(nameof(Roles))]
    public async Task A_gibibyte_that_the_reference_sends_arrives_whole(OurRole role)
    {
        await using var session = await InteropSession.ConnectAsync(role, $"--send {GiB}");
        await session.ReceiveAsync(GiB);
        Assert.Equal(0, await session.Stream.ReadAsync(new byte[1]));
        await ReportAsync(session);
    }

    [InteropTheory]
    [InlineData(1400, 1500)]
    [InlineData(1500, 1400)]
    [InlineData(576, 576)]
    [InlineData(9000, 1500)]
    [InlineData(9000, 9000)]
    public async Task Packet_sizes_are_agreed_upon(int ours, int theirs)
    {
        foreach (var role in new[] { OurRole.Caller, OurRole.Listener, OurRole.Rendezvous })
        {
            var words = $"--mss {theirs} --send {8 * MiB} --receive {8 * MiB} --until-closed";
            await using var session = await InteropSession.ConnectAsync(role, words, new UdtOptions { Mss = ours });
            await session.ExchangeAsync(8 * MiB, 8 * MiB);
            await session.CloseAsync();
            await ReportAsync(session);
        }
    }

    [InteropTheory]
    [InlineData(64, 64)]
    [InlineData(64, 8192)]
    [InlineData(8192, 64)]
    [InlineData(256, 256)]
    [InlineData(32768, 25600)]
    public async Task Windows_of_any_size_are_kept_to(int ours, int theirs)
    {
        var options = new UdtOptions { ReceiveBufferPackets = ours, SendBufferPackets = ours };
        var words = $"--window {theirs} --send-buffer {theirs} --receive-buffer {theirs} --send {4 * MiB} --receive {4 * MiB} --until-closed";
        await using var session = await InteropSession.ConnectAsync(OurRole.Rendezvous, words, options);
        await session.ExchangeAsync(4 * MiB, 4 * MiB);
        await session.CloseAsync();
        await ReportAsync(session);
    }

    [InteropTheory, MemberData(nameof(Roles))]
    public async Task Sequence_numbers_wrap_in_both_directions(OurRole role)
    {
        const int nearTheEnd = int.MaxValue - 1000;
        var options = new UdtOptions { InitialSequence = new SequenceNumber(nearTheEnd) };
        var words = $"--isn {nearTheEnd} --send {32 * MiB} --receive {32 * MiB} --until-closed";
        await using var session = await InteropSession.ConnectAsync(role, words, options);
        await session.ExchangeAsync(32 * MiB, 32 * MiB);
        await session.CloseAsync();
        await ReportAsync(session);
    }

    [InteropTheory, MemberData(nameof(Roles))]
    public async Task Streams_go_over_IPv6(OurRole role)
    {
        await using var session = await InteropSession.ConnectAsync(role, $"--send {8 * MiB} --receive {8 * MiB} --until-closed", address: "::1");
        await session.ExchangeAsync(8 * MiB, 8 * MiB);
        await session.CloseAsync();
        await ReportAsync(session);
    }

    [InteropFact]
    public async Task Many_small_writes_keep_their_order()
    {
        await using var session = await InteropSession.ConnectAsync(OurRole.Rendezvous, "--chunk 37 --send 370000 --receive 370000 --until-closed");
        await Task.WhenAll(session.SendAsync(370_000, chunkSize: 37), session.ReceiveAsync(370_000));
        await session.CloseAsync();
        await ReportAsync(session);
    }

    private static async Task ReportAsync(InteropSession session)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(await session.Reference.FinishAsync());
        TestContext.Current.TestOutputHelper?.WriteLine($"{session.Stream.Statistics}");
    }
}
