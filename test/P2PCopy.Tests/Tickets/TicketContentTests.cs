using CsCheck;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Tickets;

/// <summary>Whole tickets with a check that holds, and content of a program that may be newer, wrong or hostile.</summary>
public sealed class TicketContentTests
{
    private const string Front = "203.0.113.7:4300";
    private static readonly byte[] Facts = TicketVector.Home.Body[..36];

    // PROTOCOL TKT-4.
    [Theory]
    [InlineData(0x25, TicketFault.NewerVersion)]
    [InlineData(0xf5, TicketFault.NewerVersion)]
    [InlineData(0x05, TicketFault.Damaged)]
    public void Another_version_is_refused_whatever_follows(byte first, TicketFault fault)
    {
        Assert.Equal(fault, Read([first, .. Facts.AsSpan(1)]));
        Assert.Equal(fault, TicketReader.Read($"{Front}-{CrockfordBase32.Encode([first, .. new byte[38]])}", null, 0).Fault);
        Assert.Equal(TicketFault.Damaged, TicketReader.Read($"{Front}-{CrockfordBase32.Encode([first, .. new byte[37]])}", null, 0).Fault);
    }

    // PROTOCOL TKT-6.
    [Fact]
    public void Numbers_of_the_future_mean_unknown()
    {
        foreach (var (first, second) in new (byte, byte)[] { (0x17, 0x64), (0x17, 0xff) })
        {
            Assert.Equal(TicketFault.None, Read([first, second, .. Facts.AsSpan(2)], out var ticket));
            Assert.Equal(
                (EarlyPacketEffect.Unknown, MappingBehavior.Unknown, FilteringBehavior.Unknown), (ticket!.EarlyPackets, ticket.Mapping, ticket.Filtering));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Both_kinds_of_symmetric_ports_are_one_mapping(byte number)
    {
        Assert.Equal(TicketFault.None, Read([Facts[0], (byte)(number << 4), .. Facts.AsSpan(2)], out var ticket));
        Assert.Equal(MappingBehavior.AddressAndPortDependent, ticket!.Mapping);
    }

    // PROTOCOL TKT-7, TKT-8.
    [Theory]
    [InlineData("")]
    [InlineData("8000")]
    [InlineData("f3021234 1110cc0a000001")]
    [InlineData("1110cc0a000001 1110cd0a000001 31cb007107ef74 1110cc0a000002")]
    [InlineData("6098009fff 509c54fffe00")]
    public void Records_come_in_any_order_and_unknown_ones_are_skipped(string records) => Assert.Equal(TicketFault.None, ReadRecords(records));

    [Theory]
    [InlineData("00")]
    [InlineData("0100")]
    [InlineData("7000")]
    [InlineData("1010cc")]
    [InlineData("1110cc0a0000")]
    [InlineData("1210cc0a000001")]
    [InlineData("2110cc20010db8000000000000000000")]
    [InlineData("31cb007107")]
    [InlineData("80")]
    [InlineData("8003ffff")]
    [InlineData("519c54000218")]
    [InlineData("509c54000018")]
    [InlineData("500000000218")]
    [InlineData("509c540002")]
    [InlineData("509c54000218509c54000218")]
    [InlineData("6198009fff")]
    [InlineData("609fff9800")]
    [InlineData("6000009fff")]
    [InlineData("6098009fff6098009fff")]
    public void Records_against_the_rules_make_it_malformed(string records) => Assert.Equal(TicketFault.Malformed, ReadRecords(records));

    // PROTOCOL TKT-9.
    [Theory]
    [InlineData("1110cc00000001")]
    [InlineData("1110cce0000001")]
    [InlineData("1110ccf0000001")]
    [InlineData("1110ccffffffff")]
    [InlineData("1100000a000001")]
    [InlineData("31cb0071070000")]
    [InlineData("41000000001234")]
    [InlineData("2110cc00000000000000000000000000000000")]
    [InlineData("2110ccff020000000000000000000000000001")]
    [InlineData("2110ccfe800000000000000000000000000001")]
    [InlineData("2110cc00000000000000000000ffffcb007107")]
    [InlineData("2110cc000000000000000000000000cb007107")]
    public void An_address_that_no_peer_has_is_refused(string records) => Assert.Equal(TicketFault.BadAddress, ReadRecords(records));

    [Theory]
    [InlineData("0.0.0.1:4300")]
    [InlineData("239.0.0.1:4300")]
    [InlineData("255.255.255.255:4300")]
    [InlineData("[ff02::1]:4300")]
    [InlineData("[::]:4300")]
    [InlineData("[fe80::1]:4300")]
    public void Nor_may_it_stand_in_front(string front) => Assert.Equal(TicketFault.BadAddress, Read(Facts, out _, front));

    [Fact]
    public void Sixteen_addresses_are_enough()
    {
        var fifteen = "1f10cc" + string.Concat(Enumerable.Range(1, 15).Select(n => $"0a0000{n:x2}"));

        Assert.Equal(TicketFault.None, ReadRecords(fifteen));
        Assert.Equal(TicketFault.TooManyAddresses, ReadRecords(fifteen + "1110cc0a000010"));
        Assert.Equal(TicketFault.TooManyAddresses, ReadRecords(string.Concat(Enumerable.Repeat(fifteen, 8))));
    }

    [Fact]
    public void Whatever_the_records_are_what_is_taken_can_be_written_and_read_again() =>
        Gen.Byte.Array[0, 60].Sample(records =>
        {
            if (Read([.. Facts, .. records], out var ticket) != TicketFault.None) return;
            TicketVectorTests.AssertSame(ticket!, TicketReader.Read(ticket!.ToString(), null, 0).Ticket!);
        });

    private static TicketFault ReadRecords(string hex) => Read([.. Facts, .. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))]);

    private static TicketFault Read(byte[] body) => Read(body, out _);

    private static TicketFault Read(byte[] body, out Ticket? ticket, string front = Front)
    {
        var check = new byte[3];
        TicketText.WriteCheck(front, body, check);
        var reading = TicketReader.Read($"{front}-{CrockfordBase32.Encode([.. body, .. check])}", null, 0);
        ticket = reading.Ticket;
        return reading.Fault;
    }
}
