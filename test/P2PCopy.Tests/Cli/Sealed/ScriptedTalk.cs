using P2PCopy.Cli.Commands.Sealed;
using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Paths;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Cli.Sealed;

/// <summary>A talk in a test's hands: what is typed, what the link tells and the time are given; what is said is read.</summary>
internal sealed class ScriptedTalk : IPeerLink, IDisposable
{
    public static readonly UdpEndpoint PeerAddress = UdpEndpoint.FromIPv4(0xbc2c8807, 21300);

    private readonly FakeTerminal _terminal = new();
    private Instant _now = new(1_000_000);

    public ScriptedTalk(bool terminal = true, bool yes = false, NetworkReport? network = null, string? given = null, int timeout = 600)
    {
        var screen = new Screen(_terminal.Surroundings(terminal), Verbosity.Normal);
        _terminal.Width = 200;
        var settings = new TalkSettings { IsInteractive = terminal, WaivesWords = yes, HasIPv6 = true, Timeout = TimeSpan.FromSeconds(timeout) };
        Network = network ?? PortRestricted;
        Talk = new PeerTalk(screen, this, settings, () => Network, () => OwnOf(Network), () => 0);
        Talk.Begin(given, _now);
    }

    public static NetworkReport PortRestricted { get; } = new()
    {
        ServersAsked = 4,
        MappedEndpoint = UdpEndpoint.FromIPv4(0xdf9a2c79, 4300),
        Mapping = MappingBehavior.EndpointIndependent,
        Filtering = FilteringBehavior.AddressAndPortDependent,
        EarlyPackets = EarlyPacketEffect.None,
    };

    /// <summary>What is known of this side's network.</summary>
    public NetworkReport Network { get; set; }

    public PeerTalk Talk { get; }

    public string Output => _terminal.Output;

    public string Error => _terminal.Error;

    /// <summary>What was pasted and taken.</summary>
    public List<string> Pasted { get; } = [];

    /// <summary>The words that the link takes for those of the other screen.</summary>
    public string Words { get; set; } = "adult hamburger";

    /// <summary>What the link answers to a ticket or an address.</summary>
    public PasteResult Answer { get; set; }

    private static Ticket OwnOf(NetworkReport network) => TicketOf(1, UdpEndpoint.FromIPv4(network.Firewall == FirewallType.UdpBlocked ? 0x0a000007 : 0xdf9a2c79, 4300), sends: true) with
    {
        Mapping = network.Mapping,
        Filtering = network.Filtering,
        EarlyPackets = network.EarlyPackets,
    };

    public static Ticket TicketOf(byte key, UdpEndpoint address, bool sends = false) => new()
    {
        Primary = address,
        PublicKey = new PublicKey(Enumerable.Repeat(key, PublicKey.Length).ToArray()),
        WantsToSend = sends,
        Mapping = MappingBehavior.EndpointIndependent,
        Filtering = FilteringBehavior.AddressAndPortDependent,
        EarlyPackets = EarlyPacketEffect.None,
        Candidates = [new Candidate(CandidateKind.Host, UdpEndpoint.FromIPv4(0x0a000005, 21300))],
    };

    public static SealedPeerInfo Peer(PeerTrust trust, string shown, int wordsToType = 0, bool peerTypes = false) => new()
    {
        Remote = PeerAddress,
        Route = PathRoute.Internet,
        RoundTrip = TimeSpan.FromMilliseconds(38),
        Trust = trust,
        WordsShown = shown.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        WordsToType = wordsToType,
        PeerTypesWords = peerTypes,
        PeerWantsToSend = false,
        Cipher = DataCipher.Aes256Gcm,
        IsPostQuantum = true,
    };

    public void Type(string? line) => Talk.Line(line, _now);

    public void Hear(SealedPeerEvent happened) => Talk.Hear(happened, _now);

    /// <summary>Lets the time pass, as the clock of the program would.</summary>
    public void Wait(double seconds)
    {
        var end = _now + TimeSpan.FromSeconds(seconds);
        while (Talk.NextTick <= end)
        {
            _now = Talk.NextTick;
            Talk.Tick(_now);
        }

        _now = end;
    }

    public PasteResult Paste(Ticket ticket) => Take(ticket.ToString());

    public PasteResult PasteBare(UdpEndpoint address) => Take(address.ToString());

    public bool TryWords(string typed) => typed == Words;

    public void Dispose() => _terminal.Dispose();

    private PasteResult Take(string text)
    {
        if (Answer == PasteResult.Taken) Pasted.Add(text);
        return Answer;
    }
}
