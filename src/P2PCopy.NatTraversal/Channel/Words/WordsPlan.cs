namespace P2PCopy.NatTraversal.Channel.Words;

/// <summary>
/// Which of a session's words stand on this side's screen, and which its user must type because the other side's user reads them out.
/// What is to be typed is never shown here, or people would copy it from there.
/// </summary>
/// <param name="Shown">Words on the screen as soon as the session has them.</param>
/// <param name="Asked">Words to type before any file name or byte moves; empty when none are needed.</param>
/// <param name="ShownOnceTyped">Words on the screen after that, for a peer who wants to check as well.</param>
internal readonly record struct WordsPlan(Range Shown, Range Asked, Range ShownOnceTyped)
{
    /// <summary>From this stranger on (the first counts 1) two words are too few.</summary>
    public const int ManyStrangers = 5;

    private static readonly Range None = 0..0;
    private static readonly Range OfInitiator = 0..2;
    private static readonly Range OfResponder = 2..4;
    private static readonly Range All = 0..VerificationWords.Count;

    /// <summary>Whether words must be typed.</summary>
    public bool MustType => Asked.End.Value > Asked.Start.Value;

    /// <summary>The plan of a session.</summary>
    /// <param name="trust">What is known about the peer.</param>
    /// <param name="isInitiator">Whether this side began the handshake.</param>
    /// <param name="verify">Whether this side's user wants to compare words with a peer known by its ticket.</param>
    /// <param name="strangers">How many sessions with unknown peers there were in this run, this one included.</param>
    /// <param name="severalMatch">Whether the two words that were typed fit more than one waiting session.</param>
    public static WordsPlan For(PeerTrust trust, bool isInitiator, bool verify, int strangers, bool severalMatch = false)
    {
        // PROTOCOL KEY-7.
        switch (trust)
        {
            case PeerTrust.Ticket when !verify:
                return new WordsPlan(All, None, None);
            case PeerTrust.OneWayTicket when strangers >= ManyStrangers || severalMatch:
                return new WordsPlan(None, All, None);
            case PeerTrust.OneWayTicket:
                return new WordsPlan(None, OfInitiator, OfResponder);
            default:
                return isInitiator ? new WordsPlan(OfInitiator, OfResponder, None) : new WordsPlan(OfResponder, OfInitiator, None);
        }
    }
}
