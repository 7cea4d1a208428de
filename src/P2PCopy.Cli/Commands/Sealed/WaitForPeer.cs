using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>How long the peer has been waited for, and what to say about it: twice, and then no more until the limit.</summary>
/// <param name="limit">How long to wait; zero for ever.</param>
internal sealed class WaitForPeer(TimeSpan limit)
{
    private static readonly TimeSpan FirstAdvice = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SecondAdvice = TimeSpan.FromSeconds(45);

    // A network of their own that nobody knew of would have connected the two by then.
    private static readonly TimeSpan WithoutHope = TimeSpan.FromSeconds(2.5);

    private Instant _begin = Instant.Never;
    private int _advised;
    private bool _isHopeless;

    /// <summary>When there is something to say or to end; never before it began.</summary>
    public Instant Next => _begin == Instant.Never ? Instant.Never : Instant.Min(NextAdvice, End);

    private Instant End => _isHopeless ? _begin + WithoutHope : limit == TimeSpan.Zero ? Instant.Never : _begin + limit;

    private Instant NextAdvice => _advised switch
    {
        0 => _begin + FirstAdvice,
        1 => _begin + SecondAdvice,
        _ => Instant.Never,
    };

    /// <summary>The waiting begins, or begins anew.</summary>
    public void Begin(Instant now, bool isHopeless = false) => (_begin, _advised, _isHopeless) = (now, 0, isHopeless);

    /// <summary>Whether the limit is reached.</summary>
    public bool IsOver(Instant now) => _begin != Instant.Never && now >= End;

    /// <summary>What to tell a user who waits in vain.</summary>
    public IEnumerable<string> Advice(Instant now, bool knowsPeer, NetworkReport network, Outlook? outlook)
    {
        if (_begin == Instant.Never || now < NextAdvice) yield break;
        if (_advised++ == 0)
        {
            yield return knowsPeer
                ? "Nothing heard from your peer yet. Your peer must have entered what your program printed; this goes on trying."
                : "Nobody came yet. Your peer must have entered what your program printed; this goes on waiting.";
            if (outlook is { Sentence.Length: > 0 }) yield return outlook.Patience;
            else if (network.Firewall != FirewallType.Unknown) yield return $"Your side: {network.Advice}";
            yield break;
        }

        if (outlook is { Sentence.Length: > 0 }) yield return outlook.Obstacle;
        yield return "Check with your peer that both of you entered what the screens show now. Ctrl+C to stop and start again.";
    }
}
