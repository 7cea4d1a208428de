using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;

namespace P2PCopy.Tests.Channel.Handshake;

/// <summary>Every way in which two users can paste, over quiet and over terrible networks.</summary>
public sealed class HandshakeKindsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public enum Pasted
    {
        TwoTickets,
        OnlyA,
        OnlyB,
        BareAndBare,
        TicketAndBare,
        BareAndTicket,
        BareThenTickets,
    }

    public static TheoryData<Pasted, bool> Kinds
    {
        get
        {
            var data = new TheoryData<Pasted, bool>();
            foreach (var kind in Enum.GetValues<Pasted>())
            {
                data.Add(kind, true);
                data.Add(kind, false);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void All_ways_of_pasting_make_one_session_with_equal_words_and_keys_over_a_quiet_network(Pasted kind, bool smallerIsA)
    {
        using var net = new HandshakeNet(7, smallerIsA);
        Paste(net, kind, TimeSpan.Zero, TimeSpan.Zero);

        Assert.True(net.Run(TimeSpan.FromSeconds(1), net.BothReady));

        AssertMatch(net, kind);
        Assert.Equal((1, 1), (net.A.Made.Count, net.B.Made.Count));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void All_ways_of_pasting_make_one_session_over_terrible_networks(Pasted kind, bool smallerIsA)
    {
        for (ulong seed = 0; seed < 150; seed++)
        {
            using var net = new HandshakeNet(seed, smallerIsA)
            {
                Loss = seed % 4 * 0.15,
                Doubling = seed % 3 * 0.2,
                Straggling = seed % 5 * 0.1,
                Delay = TimeSpan.FromMilliseconds(1 + (seed % 7 * 50)),
            };
            var gap = TimeSpan.FromMilliseconds((seed % 6) switch { 0 => 0, 1 => 1, 2 => 15, 3 => 120, 4 => 900, _ => 3000 });
            Paste(net, kind, seed % 2 == 0 ? gap : TimeSpan.Zero, seed % 2 == 0 ? TimeSpan.Zero : gap);

            net.Run(gap + TimeSpan.FromMilliseconds(300));
            Assert.True(net.Run(Limit, net.BothReady), $"seed {seed}: {Describe(net.A)} / {Describe(net.B)}");
            net.Run(TimeSpan.FromSeconds(20), () => HeardEachOther(net));

            AssertMatch(net, kind);
            Assert.True(HeardEachOther(net), $"seed {seed}");
        }
    }

    private static string Describe(HandshakePeer peer) => string.Join(", ", peer.Made.Select(session =>
        $"{(session.IsInitiator ? "initiator" : "responder")} {session.LocalIndex:x8} confirmed={session.IsConfirmed} over={session.IsOver}"));

    private static void Paste(HandshakeNet net, Pasted kind, TimeSpan a, TimeSpan b)
    {
        var (first, second) = (net.A, net.B);
        if (kind is Pasted.TwoTickets or Pasted.OnlyA or Pasted.TicketAndBare) net.Plan(a, now => Assert.Equal(PasteResult.Taken, first.Paste(second, now)));
        if (kind is Pasted.TwoTickets or Pasted.OnlyB or Pasted.BareAndTicket) net.Plan(b, now => Assert.Equal(PasteResult.Taken, second.Paste(first, now)));
        if (kind is Pasted.BareAndBare or Pasted.BareAndTicket or Pasted.BareThenTickets) net.Plan(a, now => Assert.Equal(PasteResult.Taken, first.PasteBare(second.Address, now)));
        if (kind is Pasted.BareAndBare or Pasted.TicketAndBare or Pasted.BareThenTickets) net.Plan(b, now => Assert.Equal(PasteResult.Taken, second.PasteBare(first.Address, now)));
        if (kind == Pasted.BareThenTickets)
        {
            net.Plan(a + TimeSpan.FromMilliseconds(200), now => Assert.Equal(PasteResult.Taken, first.Paste(second, now)));
            net.Plan(b + TimeSpan.FromMilliseconds(50), now => Assert.Equal(PasteResult.Taken, second.Paste(first, now)));
        }
    }

    private static bool HeardEachOther(HandshakeNet net) =>
        net.A.Live.Count() == 1 && net.B.Live.Count() == 1
        && net.A.Heard.Any(heard => heard.Index == net.A.Session.LocalIndex) && net.B.Heard.Any(heard => heard.Index == net.B.Session.LocalIndex);

    private static void AssertMatch(HandshakeNet net, Pasted kind)
    {
        var (a, b) = (net.A.Session, net.B.Session);
        Assert.Equal(4, a.Words.Count);
        Assert.Equal(a.Words, b.Words);
        Assert.NotEqual(a.IsInitiator, b.IsInitiator);
        Assert.Equal((net.B.Key.Public, net.A.Key.Public), (a.RemoteKey, b.RemoteKey));
        Assert.Equal((false, true), (a.PeerWantsToSend, b.PeerWantsToSend));
        Assert.Equal(1472, a.LargestDatagram);

        if (kind is Pasted.OnlyA or Pasted.TicketAndBare) Assert.True(a.IsInitiator);
        if (kind is Pasted.OnlyB or Pasted.BareAndTicket) Assert.True(b.IsInitiator);
        Assert.Equal(kind switch
        {
            Pasted.TwoTickets => (PeerTrust.Ticket, PeerTrust.Ticket),
            Pasted.OnlyA or Pasted.TicketAndBare => (PeerTrust.Ticket, PeerTrust.OneWayTicket),
            Pasted.OnlyB or Pasted.BareAndTicket => (PeerTrust.OneWayTicket, PeerTrust.Ticket),
            Pasted.BareThenTickets => (a.Trust, b.Trust),
            _ => (PeerTrust.Bare, PeerTrust.Bare),
        }, (a.Trust, b.Trust));
    }
}
