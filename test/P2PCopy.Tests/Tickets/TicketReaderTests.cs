using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Tickets;

public sealed class TicketReaderTests
{
    private static readonly Ticket Peer = TicketVector.Home.Ticket;
    private static readonly string Text = TicketVector.Home.Text;
    private static readonly UdpEndpoint Bare = UdpEndpoint.FromIPv4(0xbc2c8807, 21300);

    private static readonly Ticket Own = new()
    {
        Primary = UdpEndpoint.FromIPv4(0xc6336407, 4300),
        PublicKey = new PublicKey(new byte[PublicKey.Length]),
        Candidates = [new Candidate(CandidateKind.Host, UdpEndpoint.FromIPv4(0x0a000007, 4300))],
    };

    // PROTOCOL TKT-12.
    [Theory]
    [InlineData("{0}")]
    [InlineData("  {0}\r\n")]
    [InlineData("\"{0}\"")]
    [InlineData("<{0}>")]
    [InlineData("`{0}`")]
    [InlineData("**{0}**")]
    [InlineData("({0}),")]
    [InlineData("“{0}”.")]
    [InlineData("「{0}」。")]
    [InlineData("- {0}")]
    [InlineData("http://{0}")]
    [InlineData("https://{0}/")]
    [InlineData("<HTTP://{0}/>")]
    [InlineData("p2pcopy:{0}")]
    [InlineData("p2pcopy://{0}")]
    [InlineData("'p2pcopy: {0} '")]
    [InlineData("Tell this to your peer: {0}")]
    [InlineData("Your address changed. Tell this to your peer instead: {0}")]
    [InlineData("tell this to your\npeer: {0}")]
    [InlineData("Enter the ip:port of your peer: {0}")]
    [InlineData("\ufeff{0}\u200b")]
    [InlineData("\u2066{0}\u2069")]
    [InlineData("\u00a0{0}\u3000")]
    public void A_ticket_is_found_in_what_surrounds_it(string around)
    {
        Assert.Equal(Peer, Read(string.Format(null, around, Text)).Ticket);
        Assert.Equal(Bare, Read(string.Format(null, around, Bare)).Address);
    }

    [Fact]
    public void What_chats_do_inside_of_a_ticket_does_not_matter()
    {
        foreach (var mark in new[] { "\n", "\r\n   ", " ", "\u00a0", "\u200b", "\u00ad", "\u2028", "\t" })
            for (var at = 1; at < Text.Length; at++) Assert.Equal(Peer, Read(Text.Insert(at, mark)).Ticket);
        foreach (var dash in "‐‑–—−－") Assert.Equal(Peer, Read(Text.Replace('-', dash)).Ticket);
        Assert.Equal(Peer, Read(Text.ToUpperInvariant()).Ticket);
        Assert.Equal(Peer, Read(string.Concat(Text.Select(c => (char)(c + 0xfee0)))).Ticket);
        Assert.Equal(Peer, Read(Text[..20] + Text[20..].Replace('0', 'O').Replace('1', 'l')).Ticket);
    }

    [Fact]
    public void An_IPv6_address_may_be_written_in_any_way()
    {
        var vector = TicketVector.All[7];

        Assert.Equal(vector.Ticket, Read(vector.Text.Replace("[2001:db8:4a:1::23]", "[2001:0DB8:004A:1:0:0:0:23]", StringComparison.Ordinal)).Ticket);
        Assert.Equal(vector.Ticket, Read(vector.Text.Replace("23]", "23%eth0]", StringComparison.Ordinal)).Ticket);
    }

    // PROTOCOL TKT-2.
    [Theory]
    [InlineData("188.44.136.7:21300", "188.44.136.7:21300")]
    [InlineData("188.44.136.7:21300-", "188.44.136.7:21300")]
    [InlineData("188.44.\u200b136.7:21300", "188.44.136.7:21300")]
    [InlineData("[2001:DB8::1]:21300", "[2001:db8::1]:21300")]
    [InlineData("127.0.0.1:4300", "127.0.0.1:4300")]
    public void An_address_alone_is_taken(string text, string address)
    {
        var reading = Read(text);

        Assert.Equal(address, reading.Address?.ToString());
        Assert.Null(reading.Ticket);
        Assert.Equal(TicketFault.None, reading.Fault);
        Assert.Null(reading.Sentence);
    }

    [Theory]
    [InlineData(null, TicketFault.Empty)]
    [InlineData("", TicketFault.Empty)]
    [InlineData(" <-> \u200b", TicketFault.Empty)]
    [InlineData("hello", TicketFault.NotATicket)]
    [InlineData("Tell this to your peer:", TicketFault.Empty)]
    [InlineData("188.44.136.7", TicketFault.NoPort)]
    [InlineData("2001:db8::1", TicketFault.NoPort)]
    [InlineData("[2001:db8::1]", TicketFault.NoPort)]
    [InlineData("188.44.136.7:", TicketFault.BadPort)]
    [InlineData("188.44.136.7:0", TicketFault.BadPort)]
    [InlineData("188.44.136.7:65536", TicketFault.BadPort)]
    [InlineData("188.44.136.7:-5", TicketFault.BadPort)]
    [InlineData("[2001:db8::1]:x", TicketFault.BadPort)]
    [InlineData("188.44.136:21300", TicketFault.NotATicket)]
    [InlineData("188.44.136.300:21300", TicketFault.NotATicket)]
    [InlineData("188.44.136.7:21300 188.44.136.8:21300", TicketFault.NotATicket)]
    [InlineData("188.44.136.7:43 00", TicketFault.NotATicket)]
    [InlineData("peer.example:21300", TicketFault.HostName)]
    [InlineData("peer-1.example:21300", TicketFault.HostName)]
    [InlineData("0.0.0.0:21300", TicketFault.BadAddress)]
    [InlineData("224.0.0.1:21300", TicketFault.BadAddress)]
    [InlineData("255.255.255.255:21300", TicketFault.BadAddress)]
    [InlineData("[::]:21300", TicketFault.BadAddress)]
    [InlineData("[ff02::1]:21300", TicketFault.BadAddress)]
    [InlineData("[fe80::1%eth0]:21300", TicketFault.BadAddress)]
    [InlineData("[::10.1.2.3]:21300", TicketFault.BadAddress)]
    [InlineData("188.44.136.7:21300-2mhksr45", TicketFault.Damaged)]
    [InlineData("188.44.136.7:21300-hello", TicketFault.Damaged)]
    [InlineData("188.44.136.7:21300-0", TicketFault.Damaged)]
    public void What_is_wrong_is_told_apart(string? text, TicketFault fault)
    {
        var reading = Read(text);

        Assert.Equal(fault, reading.Fault);
        Assert.Null(reading.Ticket);
        Assert.Null(reading.Address);
        Assert.Equal(TicketSentences.SentenceOf(fault), reading.Sentence);
    }

    [Fact]
    public void A_text_too_long_for_any_ticket_is_none()
    {
        Assert.Equal(TicketFault.NotATicket, Read(Text + new string(' ', 4096)).Fault);
        Assert.Equal(TicketFault.Damaged, Read(Text + new string('0', 3000)).Fault);
    }

    // PROTOCOL TKT-10.
    [Fact]
    public void What_this_side_printed_is_noticed()
    {
        Assert.Equal(TicketFault.OwnTicket, Read(Text, Peer).Fault);
        Assert.Equal(TicketFault.OwnTicket, Read(Text, Own with { PublicKey = Peer.PublicKey }).Fault);
        Assert.Equal(TicketFault.OwnTicket, Read("198.51.100.7:4300", Own).Fault);
        Assert.Equal(TicketFault.OwnTicket, Read("10.0.0.7:4300", Own).Fault);
        Assert.Equal(TicketFault.None, Read("198.51.100.7:4301", Own).Fault);
    }

    [Fact]
    public void Two_that_want_the_same_are_told_so()
    {
        Assert.Equal(TicketFault.None, Read(Text, Own).Fault);
        Assert.Equal(TicketFault.BothSend, Read(Text, Own with { WantsToSend = true }).Fault);
        Assert.Equal(TicketFault.BothReceive, Read((Peer with { WantsToSend = false }).ToString(), Own).Fault);
        Assert.Equal(TicketFault.None, Read((Peer with { WantsToSend = false }).ToString(), Own with { WantsToSend = true }).Fault);
    }

    [Fact]
    public void Loopback_is_for_two_on_one_machine()
    {
        var loopback = UdpEndpoint.FromIPv4(0x7f000001, 4300);
        var inside = (Peer with { Candidates = [new Candidate(CandidateKind.Host, loopback)] }).ToString();
        var front = (Peer with { Primary = loopback }).ToString();

        Assert.Equal(TicketFault.BadAddress, Read(inside, Own).Fault);
        Assert.Equal(TicketFault.BadAddress, Read(front, Own).Fault);
        Assert.Equal(TicketFault.None, Read(front, Own with { Primary = loopback.WithPort(4301) }).Fault);
        Assert.Equal(TicketFault.None, Read(front, null).Fault);
    }

    // PROTOCOL TKT-11.
    [Theory]
    [InlineData(0, TicketNote.None, null)]
    [InlineData(720, TicketNote.None, null)]
    [InlineData(721, TicketNote.Old, "This ticket is 12 h old. If connecting fails, ask your peer for the one that their program prints now.")]
    [InlineData(19 * 60, TicketNote.Old, "This ticket is 19 h old. If connecting fails, ask your peer for the one that their program prints now.")]
    [InlineData(44 * 24 * 60, TicketNote.Old, "This ticket is 44 days old. If connecting fails, ask your peer for the one that their program prints now.")]
    [InlineData(-10, TicketNote.None, null)]
    [InlineData(-11, TicketNote.FromTheFuture, "This ticket was made 11 min from now: check the date and time of both computers.")]
    [InlineData(-23 * 60, TicketNote.FromTheFuture, "This ticket was made 23 h from now: check the date and time of both computers.")]
    public void An_old_ticket_and_a_wrong_clock_are_noticed_but_not_refused(int minutes, TicketNote note, string? sentence)
    {
        foreach (var made in new ushort[] { 0, 15584, 65535 })
        {
            var reading = TicketReader.Read((Peer with { Minute = made }).ToString(), null, (ushort)(made + minutes));

            Assert.Equal(Peer with { Minute = made }, reading.Ticket);
            Assert.Equal((note, TimeSpan.FromMinutes(minutes), sentence), (reading.Note, reading.Age, reading.Sentence));
        }
    }

    [Fact]
    public void Every_refusal_has_words_of_its_own_that_say_what_to_do()
    {
        var sentences = Enum.GetValues<TicketFault>().Where(fault => fault != TicketFault.None).Select(TicketSentences.SentenceOf).ToArray();

        Assert.Distinct(sentences);
        Assert.All(sentences, sentence => Assert.Matches(@"^(This|That|Nothing|The|Your) .+[.:] .+$", sentence));
        Assert.Empty(TicketSentences.SentenceOf(TicketFault.None));
    }

    [Fact]
    public void No_text_throws() => Gen.String.Sample(text =>
    {
        var reading = Read(text, Own);
        return reading.Ticket is null && (reading.Address is null) == (reading.Fault != TicketFault.None);
    });

    private static TicketReading Read(string? text, Ticket? own = null) => TicketReader.Read(text, own, Peer.Minute);
}
