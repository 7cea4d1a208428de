using P2PCopy.Cli;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Sealed;

namespace P2PCopy.Tests.Cli.Sealed;

public sealed class PeerTalkTests
{
    private const string AddressPrompt = "Enter the ip:port of your peer: ";
    private const string WordsPrompt = "Ask your peer for the two words on their screen and type them: ";
    private static readonly string PeerTicket = ScriptedTalk.TicketOf(2, ScriptedTalk.PeerAddress).ToString();

    [Fact]
    public void Two_tickets_need_one_line_and_no_more()
    {
        using var talk = new ScriptedTalk();
        talk.Type(PeerTicket);
        var peer = ScriptedTalk.Peer(PeerTrust.Ticket, "adult hamburger classic atmosphere");
        talk.Hear(new SealedPeerEvent.Connected(peer));
        talk.Hear(new SealedPeerEvent.Ready(peer));

        Assert.Equal(
            AddressPrompt
            + """
            You: PortRestrictedCone, your peer: PortRestrictedCone: usually connected within a second after both of you entered the other's ticket.
            Trying 2 addresses of your peer. Waiting for your peer to paste your ticket too ...
            0 - Trying to connect to 188.44.136.7:21300. Connected successfully to 188.44.136.7:21300
            Connected to 188.44.136.7:21300 (internet, 38 ms), encrypted, peer known by ticket. Words: adult hamburger classic atmosphere

            """,
            talk.Output);
        Assert.Equal([PeerTicket], talk.Pasted);
        Assert.Same(peer, talk.Talk.Met);
    }

    [Fact]
    public void A_stranger_with_our_ticket_is_asked_for_in_words_at_the_open_prompt()
    {
        using var talk = new ScriptedTalk();
        talk.Hear(new SealedPeerEvent.StrangerArrived(1, ScriptedTalk.PeerAddress, WantsToSend: false, WordsToType: 2));

        Assert.Equal($"{AddressPrompt}\nSomeone with your ticket is here, from 188.44.136.7:21300, and wants to receive.\n{WordsPrompt}", talk.Output);

        talk.Type("adult hamburger");
        var peer = ScriptedTalk.Peer(PeerTrust.OneWayTicket, "classic atmosphere");
        talk.Hear(new SealedPeerEvent.Connected(peer));
        talk.Hear(new SealedPeerEvent.Ready(peer));

        Assert.Contains("encrypted, peer known by words.", talk.Output, StringComparison.Ordinal);
        Assert.Same(peer, talk.Talk.Met);
    }

    [Fact]
    public void A_stranger_that_leaves_gives_the_first_question_back()
    {
        using var talk = new ScriptedTalk();
        talk.Hear(new SealedPeerEvent.StrangerArrived(1, ScriptedTalk.PeerAddress, WantsToSend: false, WordsToType: 2));
        talk.Hear(new SealedPeerEvent.StrangerLeft(1));

        Assert.EndsWith(AddressPrompt, talk.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_words_are_forgiven_twice()
    {
        using var talk = new ScriptedTalk();
        talk.Hear(new SealedPeerEvent.StrangerArrived(1, ScriptedTalk.PeerAddress, WantsToSend: false, WordsToType: 2));
        talk.Type("y");
        talk.Type("");
        talk.Type("classic atmosphere");
        talk.Type("adult atmosphere");

        Assert.Contains("Yes or no is not enough here", talk.Output, StringComparison.Ordinal);
        Assert.Contains("These are not the words. One more try.", talk.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.PeerNotVerified, Fails(() => talk.Type("nothing at all")));
    }

    [Fact]
    public void A_bare_address_means_words_on_both_sides()
    {
        using var talk = new ScriptedTalk();
        talk.Type("188.44.136.7:21300");
        var peer = ScriptedTalk.Peer(PeerTrust.Bare, "classic atmosphere", wordsToType: 2);
        talk.Hear(new SealedPeerEvent.Connected(peer));

        Assert.Contains("peer NOT known yet.\nRead the words of your screen to your peer: classic atmosphere\n" + WordsPrompt, talk.Output, StringComparison.Ordinal);
        Assert.Null(talk.Talk.Met);
        talk.Type("adult hamburger");
        talk.Hear(new SealedPeerEvent.Ready(peer with { WordsToType = 0 }));

        Assert.EndsWith("The words agree: this is your peer.\n", talk.Output, StringComparison.Ordinal);
        Assert.NotNull(talk.Talk.Met);
    }

    [Fact]
    public void Yes_waives_the_words_and_says_so()
    {
        using var talk = new ScriptedTalk(terminal: false, yes: true, given: "188.44.136.7:21300");
        talk.Hear(new SealedPeerEvent.Connected(ScriptedTalk.Peer(PeerTrust.Bare, "classic atmosphere", wordsToType: 0)));

        Assert.False(talk.Talk.WantsLine);
        Assert.Contains("Nobody compares words, as --yes says", talk.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_person_is_asked_until_the_answer_makes_sense()
    {
        using var talk = new ScriptedTalk();
        talk.Type("nonsense");
        talk.Type(PeerTicket[..^1]);
        talk.Type("");

        Assert.Contains("This is neither a ticket nor an address.", talk.Output, StringComparison.Ordinal);
        Assert.Contains("This ticket is not complete", talk.Output, StringComparison.Ordinal);
        Assert.EndsWith("Waiting for a peer who has your ticket.\n" + AddressPrompt, talk.Output, StringComparison.Ordinal);
        Assert.Empty(talk.Pasted);
    }

    [Theory]
    [InlineData("nonsense", ExitCode.Usage)]
    [InlineData("188.44.136.7:21300-448ksr4543r0k29gmxa792vxvjt3xxtt1pzkm39670df9tx4n67an6ted9wdrqr", ExitCode.VersionsDoNotFit)]
    [InlineData(null, ExitCode.Usage)]
    public void A_script_has_one_answer(string? line, object code)
    {
        using var talk = new ScriptedTalk(terminal: false);

        Assert.Equal((ExitCode)code, Fails(() => talk.Type(line)));
    }

    [Fact]
    public void A_script_may_answer_nothing_and_type_the_words_later()
    {
        using var talk = new ScriptedTalk(terminal: false);
        talk.Type("");
        Assert.False(talk.Talk.WantsLine);

        talk.Hear(new SealedPeerEvent.StrangerArrived(1, ScriptedTalk.PeerAddress, WantsToSend: false, WordsToType: 2));
        Assert.True(talk.Talk.WantsLine);
        Assert.Equal(ExitCode.PeerNotVerified, Fails(() => talk.Type(null)));
    }

    [Fact]
    public void Another_ticket_can_be_pasted_while_the_first_is_tried()
    {
        using var talk = new ScriptedTalk();
        var second = ScriptedTalk.TicketOf(2, ScriptedTalk.PeerAddress.WithPort(61000)).ToString();
        talk.Type(PeerTicket);
        talk.Wait(10);
        Assert.True(talk.Talk.WantsLine);
        talk.Type(second);

        Assert.Equal([PeerTicket, second], talk.Pasted);
        Assert.Equal(2, talk.Output.Split("Trying 2 addresses of your peer.").Length - 1);
    }

    [Fact]
    public void What_the_link_does_not_take_is_explained()
    {
        using var talk = new ScriptedTalk { Answer = PasteResult.Busy };
        talk.Type(PeerTicket);

        Assert.Contains("You are connected already, and this is not that peer's.", talk.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Advice_comes_twice_and_then_the_end()
    {
        using var talk = new ScriptedTalk(timeout: 60);
        talk.Type(PeerTicket);
        talk.Wait(14);
        Assert.DoesNotContain("Nothing heard", talk.Output, StringComparison.Ordinal);
        talk.Wait(2);
        Assert.Contains("Nothing heard from your peer yet.", talk.Output, StringComparison.Ordinal);
        talk.Wait(30);
        Assert.Contains("Check with your peer", talk.Output, StringComparison.Ordinal);

        Assert.Equal(ExitCode.NotConnected, Fails(() => talk.Wait(20)));
        Assert.EndsWith("0 - Trying to connect to 188.44.136.7:21300. Error connecting to 188.44.136.7:21300: no answer within 1 min\n", talk.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_no_ticket_yet_may_take_any_time()
    {
        using var talk = new ScriptedTalk(timeout: 1);

        Assert.Equal(Instant.Never, talk.Talk.NextTick);
    }

    [Fact]
    public void A_pair_that_cannot_work_is_told_at_once()
    {
        using var talk = new ScriptedTalk(network: ScriptedTalk.PortRestricted with { Mapping = MappingBehavior.AddressAndPortDependent });
        talk.Type((ScriptedTalk.TicketOf(2, ScriptedTalk.PeerAddress) with { Mapping = MappingBehavior.AddressAndPortDependent }).ToString());

        Assert.Contains("You: Symmetric, your peer: Symmetric: the internet cannot connect such a pair. What helps: ", talk.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotConnected, Fails(() => talk.Wait(3)));
    }

    [Fact]
    public void A_pair_that_needs_a_guess_is_told_how_long_that_takes_and_what_would_help()
    {
        using var talk = new ScriptedTalk();
        talk.Type((ScriptedTalk.TicketOf(2, ScriptedTalk.PeerAddress) with { Mapping = MappingBehavior.AddressAndPortDependent }).ToString());
        Assert.Contains("You: PortRestrictedCone, your peer: Symmetric: usually connected within 20 seconds, by guessing a port.", talk.Output, StringComparison.Ordinal);
        talk.Wait(15);
        Assert.Contains("Guessing goes on at every full 40 seconds", talk.Output, StringComparison.Ordinal);
        talk.Wait(30);
        Assert.Contains("What makes it hard: your peer's router shows every peer another port.", talk.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Advice_is_that_of_the_network_as_it_is_known_by_then()
    {
        using var talk = new ScriptedTalk(network: new NetworkReport { ServersAsked = 4 });
        talk.Type(ScriptedTalk.TicketOf(2, ScriptedTalk.PeerAddress).ToString());
        Assert.Contains("You: UdpBlocked, your peer: PortRestrictedCone: only your own network can connect the two of you.", talk.Output, StringComparison.Ordinal);
        talk.Network = ScriptedTalk.PortRestricted;
        talk.Wait(15);
        Assert.Contains("Two such networks connect within a second once both of you have entered the other's ticket.", talk.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_original_peer_is_a_question_with_No_as_its_answer()
    {
        using var yes = new ScriptedTalk();
        yes.Type("188.44.136.7:21300");
        yes.Hear(new SealedPeerEvent.OriginalPeerHeard(ScriptedTalk.PeerAddress));
        Assert.EndsWith("which cannot encrypt: anyone on the way can read and change the file.\nContinue? [y/N] ", yes.Output, StringComparison.Ordinal);
        yes.Type("y");
        Assert.Equal(ScriptedTalk.PeerAddress, yes.Talk.MetInClear);

        using var no = new ScriptedTalk();
        no.Type("188.44.136.7:21300");
        no.Hear(new SealedPeerEvent.OriginalPeerHeard(ScriptedTalk.PeerAddress));
        Assert.Equal(ExitCode.Refused, Fails(() => no.Type("")));

        using var script = new ScriptedTalk(terminal: false, given: "188.44.136.7:21300");
        Assert.Equal(ExitCode.Refused, Fails(() => script.Hear(new SealedPeerEvent.OriginalPeerHeard(ScriptedTalk.PeerAddress))));
    }

    [Fact]
    public void Every_end_of_the_link_ends_the_talk_with_its_code()
    {
        Assert.Equal(ExitCode.Refused, Fails(() => Hear(new SealedPeerEvent.RolesConflict(BothSend: true))));
        Assert.Equal(ExitCode.Refused, Fails(() => Hear(new SealedPeerEvent.PeerClosed())));
        Assert.Equal(ExitCode.NotConnected, Fails(() => Hear(new SealedPeerEvent.Broken())));
        Assert.Equal(ExitCode.PeerNotVerified, Fails(() => Hear(new SealedPeerEvent.NotChosen())));
        Assert.Equal(ExitCode.PeerNotVerified, Fails(() => Hear(new SealedPeerEvent.NotVerified())));

        static void Hear(SealedPeerEvent happened)
        {
            using var talk = new ScriptedTalk();
            talk.Hear(happened);
        }
    }

    private static ExitCode Fails(Action action) => Assert.Throws<CommandFailedException>(action).Report.Code;
}
