using P2PCopy.Cli.Terminal;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Handshake;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>
/// The talk with the user until the peer is met: lines of the user and news of the link come in, in whatever order, and it decides
/// what is said, what is asked next, and when it is over. It holds no clock and waits for nothing.
/// </summary>
/// <param name="screen">Where it speaks.</param>
/// <param name="link">What the answers go to.</param>
/// <param name="settings">What it has to know of the command.</param>
/// <param name="network">This side's network as it is known now.</param>
/// <param name="own">This side's ticket as it is now.</param>
/// <param name="minute">The time, as tickets count it.</param>
internal sealed class PeerTalk(
    Screen screen, IPeerLink link, TalkSettings settings, Func<NetworkReport> network, Func<Ticket> own, Func<ushort> minute)
{
    private const string AddressQuestion = "Enter the ip:port of your peer: ";
    private const string OriginalQuestion = "Continue? [y/N] ";
    private const int MostTries = 3;

    private readonly Dictionary<int, SealedPeerEvent.StrangerArrived> _strangers = [];
    private readonly WaitForPeer _wait = new(settings.Timeout);
    private Question _question;
    private UdpEndpoint? _target;
    private SealedPeerInfo? _connected;
    private UdpEndpoint _original;
    private Ticket? _pasted;
    private bool _wordsAgreed;
    private bool _inputEnded;
    private int _wrongTries;

    private enum Question
    {
        None,
        Address,
        Words,
        Original,
    }

    /// <summary>The peer, when it is met.</summary>
    public SealedPeerInfo? Met { get; private set; }

    /// <summary>The peer, when it runs the original program and the user wants to go on in clear.</summary>
    public UdpEndpoint? MetInClear { get; private set; }

    /// <summary>Whether there is nothing more to talk about.</summary>
    public bool IsOver => Met is not null || MetInClear is not null;

    /// <summary>Whether a line that is typed now is for this talk.</summary>
    public bool WantsLine => !_inputEnded && (_question != Question.None || settings.IsInteractive);

    /// <summary>When to call <see cref="Tick"/>.</summary>
    public Instant NextTick => _connected is null && _strangers.Count == 0 ? _wait.Next : Instant.Never;

    /// <summary>Refuses a senseless answer of the command line at once, not after the network was asked.</summary>
    /// <exception cref="CommandFailedException">It makes no sense.</exception>
    public static void Check(string given, ushort minute)
    {
        if (TicketReader.Read(given, own: null, minute).Fault is var fault and not TicketFault.None) throw Refusal(given, fault, measures: false);
    }

    /// <summary>Asks for the peer; or takes what was given as an answer.</summary>
    /// <exception cref="CommandFailedException">What was given makes no sense.</exception>
    public void Begin(string? given, Instant now)
    {
        if (given is null) Ask(Question.Address);
        else if (TryTake(given, now) is { } fault) throw Refusal(given, fault, settings.Measures);
    }

    /// <summary>The user typed a line, or ended the input (<see langword="null"/>).</summary>
    /// <exception cref="CommandFailedException">That ends the command.</exception>
    public void Line(string? line, Instant now)
    {
        var asked = _question;
        if (line is null) screen.AbandonPrompt();
        else if (asked == Question.None) screen.LineTyped();
        else screen.EndPrompt();
        _question = Question.None;
        Ask(line is null ? End(asked, now) : Answer(line, asked, now));
    }

    /// <summary>The link has news.</summary>
    /// <exception cref="CommandFailedException">They end the command.</exception>
    public void Hear(SealedPeerEvent happened, Instant now)
    {
        switch (happened)
        {
            case SealedPeerEvent.StrangerArrived stranger:
                _strangers[stranger.Id] = stranger;
                Ask(Question.None);
                screen.Essential(PeerText.Stranger(stranger.Remote, stranger.WantsToSend));
                Ask(Standing);
                break;
            case SealedPeerEvent.StrangerLeft left:
                Leave(left.Id);
                break;
            case SealedPeerEvent.Connected connected:
                Connect(connected.Peer);
                break;
            case SealedPeerEvent.Ready ready:
                Ask(Question.None);
                if (_connected is { WordsToType: > 0 } && _wordsAgreed) screen.Note("The words agree: this is your peer.");
                screen.Detail(PeerText.Sealing(ready.Peer));
                Met = ready.Peer;
                break;
            case SealedPeerEvent.OriginalPeerHeard original:
                HearOriginal(original.Remote);
                break;
            case SealedPeerEvent.RolesConflict conflict:
                throw TalkEndings.RolesConflict(conflict.BothSend, settings.Measures);
            case SealedPeerEvent.PeerClosed:
                throw TalkEndings.PeerClosed();
            case SealedPeerEvent.NotChosen:
                throw TalkEndings.NotChosen();
            case SealedPeerEvent.NotVerified:
                throw TalkEndings.NotVerified();
            case SealedPeerEvent.Broken:
                throw TalkEndings.Broken();
            default:
                if (LinkNews.Of(happened) is { } news) screen.Note(news);
                break;
        }
    }

    /// <summary>Time passed.</summary>
    /// <exception cref="CommandFailedException">The limit is reached.</exception>
    public void Tick(Instant now)
    {
        if (NextTick > now) return;
        foreach (var line in _wait.Advice(now, _target is not null, network(), Outlook)) screen.Note(line);
        if (!_wait.IsOver(now)) return;
        if (Outlook is { IsHopeless: true } outlook) throw TalkEndings.Hopeless(outlook);
        if (_target is { } peer) screen.Result($"0 - Trying to connect to {peer}. Error connecting to {peer}: no answer within {DurationText.Rough(settings.Timeout)}");
        throw TalkEndings.GivenUp(_target, settings.Timeout, network());
    }

    private void Ask(Question question)
    {
        if (_question == question && question != Question.None) return;
        if (_question != Question.None) screen.AbandonPrompt();
        _question = question;
        if (question == Question.Address) screen.Prompt(AddressQuestion);
        if (question == Question.Original) screen.Prompt(OriginalQuestion);
        if (question == Question.Words) screen.Prompt(PeerText.WordsQuestion(WordsToType));
    }

    // Seen anew each time, since what is known of this side's network may have become better.
    private Outlook? Outlook => _pasted is { } ticket ? new Outlook(network(), own(), ticket) : null;

    private int WordsToType => _connected?.WordsToType ?? _strangers.Values.Max(stranger => stranger.WordsToType);

    // What is asked while nothing else is answered.
    private Question Standing =>
        _connected is { WordsToType: > 0 } && !_wordsAgreed && !settings.WaivesWords ? Question.Words
        : _connected is null && _strangers.Count > 0 && !settings.WaivesWords ? Question.Words
        : _connected is null && _target is null && settings.IsInteractive ? Question.Address
        : Question.None;

    private Question Answer(string line, Question asked, Instant now)
    {
        if (asked == Question.Words && !line.Contains(':', StringComparison.Ordinal)) return TakeWords(line);
        if (asked == Question.Original && !line.Contains(':', StringComparison.Ordinal)) return TakeConsent(line);
        if (line.Trim().Length == 0) return Wait(now);
        if (TryTake(line, now) is { } fault)
        {
            if (!settings.IsInteractive) throw Refusal(line, fault, settings.Measures);
            screen.Answer(TalkEndings.SentenceOf(fault, settings.Measures));
        }

        return Standing;
    }

    // Nothing was entered: the peer may come by itself.
    private Question Wait(Instant now)
    {
        if (_connected is not null || _target is not null) return Standing;
        if (_strangers.Count == 0) screen.Answer("Waiting for a peer who has your ticket.");
        if (!settings.IsInteractive) _wait.Begin(now);
        return Standing;
    }

    private Question End(Question asked, Instant now)
    {
        _inputEnded = true;
        if (asked == Question.Words) throw TalkEndings.NoWords();
        if (asked == Question.Original) throw TalkEndings.InClearRefused();
        if (asked != Question.Address) return Question.None;
        if (!settings.WaivesWords) throw TalkEndings.NoAnswer();
        screen.Note("Waiting for a peer who has your ticket.");
        _wait.Begin(now);
        return Question.None;
    }

    // Gives what is wrong with the text, or nothing when it was taken.
    private TicketFault? TryTake(string text, Instant now)
    {
        var mine = own();
        var reading = TicketReader.Read(text, mine, minute());
        if (reading.Fault != TicketFault.None) return reading.Fault;
        if (reading.Sentence is { } note) screen.Note(note);
        if (reading.Ticket is { } ticket) Take(ticket, mine, now);
        else if (reading.Address is { } address) Take(address, now);
        return null;
    }

    private void Take(Ticket ticket, Ticket mine, Instant now)
    {
        if (link.Paste(ticket) is var result and not PasteResult.Taken)
        {
            Refuse(result);
            return;
        }

        if (_connected is not null) return;
        _target = ticket.Primary;
        _pasted = ticket;
        var outlook = new Outlook(network(), mine, ticket);
        if (outlook.Sentence is { Length: > 0 } expected) screen.Note(expected);
        var count = ticket.Addresses.Count;
        screen.Note($"Trying {count} {(count == 1 ? "address" : "addresses")} of your peer. Waiting for your peer to paste your ticket too ...");
        _wait.Begin(now, outlook.IsHopeless);
    }

    private void Take(UdpEndpoint address, Instant now)
    {
        if (!address.IsIPv4 && !settings.HasIPv6)
        {
            screen.Answer("This is an IPv6 address, and this computer has no IPv6 or is told not to use it. Ask your peer for another address.");
            return;
        }

        if (link.PasteBare(address) is var result and not PasteResult.Taken)
        {
            Refuse(result);
            return;
        }

        (_target, _pasted) = (address, null);
        screen.Note($"Trying {address}. Waiting for your peer to enter your address too ...");
        if (!settings.WaivesWords) screen.Note("An address alone does not tell who is there, so the two of you will compare words.");
        _wait.Begin(now);
    }

    private void Refuse(PasteResult result)
    {
        if (settings.IsInteractive) screen.Answer(PeerText.Refused(result));
        else throw TalkEndings.NotUsable(result);
    }

    private Question TakeWords(string line)
    {
        var typed = line.Trim();
        if (typed.Length == 0) return Question.Words;
        if (typed.ToUpperInvariant() is "Y" or "YES" or "N" or "NO")
        {
            screen.Answer($"Yes or no is not enough here: type the {PeerText.Number(WordsToType)} words that your peer reads to you.");
            return Question.Words;
        }

        if (link.TryWords(typed))
        {
            _wordsAgreed = true;
            return Question.None;
        }

        if (++_wrongTries == MostTries) throw TalkEndings.WrongWords();
        screen.Answer($"These are not the words. {(_wrongTries == MostTries - 1 ? "One more try." : "Ask your peer again.")}");
        return Question.Words;
    }

    private Question TakeConsent(string line)
    {
        if (line.Trim().ToUpperInvariant() is not ("Y" or "YES")) throw TalkEndings.InClearRefused();
        MetInClear = _original;
        return Question.None;
    }

    private void Leave(int stranger)
    {
        if (!_strangers.Remove(stranger, out var gone) || _connected is not null || _wordsAgreed) return;
        screen.Note($"Whoever was at {gone.Remote} is gone.");
        if (_strangers.Count == 0) Ask(Standing);
    }

    private void Connect(SealedPeerInfo peer)
    {
        _connected = peer;
        _strangers.Clear();
        if (_question != Question.None) screen.AbandonPrompt();
        _question = Question.None;
        screen.Result($"0 - Trying to connect to {_target ?? peer.Remote}. Connected successfully to {peer.Remote}", hasEvent: true);
        screen.Note(PeerText.Connected(peer, _pasted is not null, _wordsAgreed), hasEvent: true);
        if (PeerText.ToReadOut(peer) is { } words) screen.Essential(words);
        if (settings.WaivesWords && !settings.Measures && _pasted is null)
            screen.Note($"Nobody compares words, as --yes says: whoever answers at {peer.Remote} is taken for your peer.");
        Ask(Standing);
    }

    private void HearOriginal(UdpEndpoint remote)
    {
        if (_connected is not null) return;
        if (settings.Measures) throw TalkEndings.OriginalCannotMeasure(remote);
        if (!settings.IsInteractive) throw TalkEndings.OriginalPeer(remote);
        _original = remote;
        Ask(Question.None);
        screen.Answer("Your peer runs the original p2pcopy, which cannot encrypt: anyone on the way can read and change the file.");
        Ask(Question.Original);
    }

    private static CommandFailedException Refusal(string text, TicketFault fault, bool measures) => new(new ErrorReport(
        fault == TicketFault.NewerVersion ? ExitCode.VersionsDoNotFit : ExitCode.Usage,
        $"'{DisplayText.Escape(text.Trim(), 60)}' cannot be used as your peer's ticket or address.",
        TalkEndings.SentenceOf(fault, measures),
        ""));
}
