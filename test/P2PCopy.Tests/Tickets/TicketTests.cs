using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Tickets;

public sealed class TicketTests
{
    private static readonly UdpEndpoint Lan = UdpEndpoint.FromIPv4(0xc0a80117, 4300);

    [Fact]
    public void Every_ticket_reads_back_as_it_was() => TicketGen.Any.Sample(ticket =>
    {
        var read = TicketReader.Read(ticket.ToString(), null, ticket.Minute);

        Assert.Equal(TicketFault.None, read.Fault);
        TicketVectorTests.AssertSame(ticket, read.Ticket!);
        Assert.Equal(ticket, read.Ticket);
        Assert.Equal(ticket.GetHashCode(), read.Ticket!.GetHashCode());
    });

    [Fact]
    public void A_ticket_is_no_link_that_a_chat_would_fetch() => TicketGen.Any.Sample(static ticket =>
    {
        var text = ticket.ToString();
        Assert.False(Uri.TryCreate(text, UriKind.Absolute, out _), text);
        Assert.DoesNotContain(text, static letter => letter is '/' or '@' or '#' or '?' or '&' || char.IsWhiteSpace(letter));
        Assert.All(text[text.IndexOf('-', StringComparison.Ordinal)..], static letter => Assert.True(letter == '-' || char.IsAsciiLetterOrDigit(letter)));
    });

    [Fact]
    public void Tickets_differ_when_anything_differs()
    {
        var ticket = TicketVector.Home.Ticket;

        Assert.NotEqual(ticket, ticket with { Minute = 1 });
        Assert.NotEqual(ticket, ticket with { Candidates = [] });
        Assert.NotEqual(ticket, ticket with { Primary = ticket.Primary.WithPort(4301) });
        Assert.Equal(ticket, ticket with { Candidates = [.. ticket.Candidates] });
    }

    [Fact]
    public void The_addresses_to_try_begin_with_the_primary_one_and_are_named_once()
    {
        var ticket = TicketVector.Home.Ticket with { Candidates = [new(CandidateKind.Host, Lan), new(CandidateKind.Mapped, TicketVector.Home.Ticket.Primary), new(CandidateKind.Reflexive, Lan)] };

        Assert.Equal([new Candidate(CandidateKind.Reflexive, ticket.Primary), new Candidate(CandidateKind.Host, Lan)], ticket.Addresses);
    }

    [Fact]
    public void A_primary_address_of_the_machine_itself_counts_as_such()
    {
        Assert.Equal(CandidateKind.Host, (TicketVector.Home.Ticket with { Primary = Lan }).Addresses[0].Kind);
        Assert.Equal(CandidateKind.HostV6, TicketVector.All[7].Ticket.Addresses[0].Kind);
    }

    // PROTOCOL TKT-9.
    [Fact]
    public void What_no_reader_would_take_cannot_be_made()
    {
        var ticket = TicketVector.Home.Ticket;
        var v6 = TicketVector.All[7].Ticket.Primary;

        Assert.Throws<ArgumentException>(() => ticket with { Primary = Lan.WithPort(0) });
        Assert.Throws<ArgumentException>(() => ticket with { Primary = UdpEndpoint.FromIPv4(0xe0000001, 4300) });
        Assert.Throws<ArgumentException>(() => ticket with { Candidates = [new(CandidateKind.Host, v6)] });
        Assert.Throws<ArgumentException>(() => ticket with { Candidates = [new(CandidateKind.HostV6, Lan)] });
        Assert.Throws<ArgumentException>(() => ticket with { Candidates = [new(CandidateKind.PeerReflexive, Lan)] });
        Assert.Throws<ArgumentException>(() => ticket with { Candidates = [.. Enumerable.Repeat(new Candidate(CandidateKind.Host, Lan), 16)] });
        Assert.Throws<ArgumentException>(() => ticket with { PredictedPorts = new PredictedPorts(4300, 0, 24) });
        Assert.Throws<ArgumentException>(() => ticket with { PortRange = new PortRange(2, 1) });
    }

    [Fact]
    public void A_list_that_changes_later_does_not_change_the_ticket()
    {
        var list = new List<Candidate> { new(CandidateKind.Host, Lan) };
        var ticket = TicketVector.Home.Ticket with { Candidates = list };
        list.Clear();

        Assert.Single(ticket.Candidates);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(59, 0)]
    [InlineData(60, 1)]
    [InlineData(29_900_000L * 60, 15584)]
    public void The_minute_is_that_of_Unix_time_modulo_65536(long seconds, int minute) =>
        Assert.Equal(minute, Ticket.MinuteOf(DateTimeOffset.FromUnixTimeSeconds(seconds)));
}
