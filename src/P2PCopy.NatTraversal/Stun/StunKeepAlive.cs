using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>
/// Keeps a NAT mapping open while people tell each other their addresses, and notices when it moved all the same. The first server is the one that
/// told the printed address; the second one is asked seldom and, when it sees a change, makes the first be asked at once.
/// </summary>
internal sealed class StunKeepAlive(StunTransactions transactions, Action<Span<byte>> fillRandom)
{
    private const int SilencesBeforeSwap = 3;

    // PROTOCOL STUN-7.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan IntervalJitter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan IntervalAfterChange = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan SecondInterval = TimeSpan.FromSeconds(60);

    private enum Timer
    {
        First,
        Second,
    }

    private readonly TimerTable<Timer> _timers = new();
    private readonly Queue<UdpEndpoint> _changes = [];
    private StunBinding? _firstAsked;
    private StunBinding? _secondAsked;
    private UdpEndpoint _first;
    private UdpEndpoint? _second;
    private UdpEndpoint _mapped;
    private UdpEndpoint _mappedBySecond;
    private int _silences;
    private bool _moved;

    public Instant NextTimeout => _timers.Next;

    public void Start(StunBinding first, StunBinding? second, Instant now)
    {
        Stop();
        _first = first.Server;
        _mapped = first.MappedEndpoint;
        _second = second?.Server;
        _mappedBySecond = second?.MappedEndpoint ?? default;
        _timers[Timer.First] = now + NextInterval();
        if (_second is not null) _timers[Timer.Second] = now + SecondInterval;
    }

    public void Stop()
    {
        _timers.StopAll();
        if (_firstAsked is { } first) transactions.Abandon(first);
        if (_secondAsked is { } second) transactions.Abandon(second);
        _firstAsked = null;
        _secondAsked = null;
        _silences = 0;
        _moved = false;
    }

    public bool TryReadChange(out UdpEndpoint mapped) => _changes.TryDequeue(out mapped);

    /// <summary>Looks at what came back and at what is due.</summary>
    public void Advance(Instant now)
    {
        if (Ended(ref _secondAsked) is { } second) JudgeSecond(second, now);
        if (Ended(ref _firstAsked) is { } first) JudgeFirst(first, now);
        if (_timers.Expired(Timer.First, now))
        {
            _firstAsked ??= transactions.Start(_first, StunSchedule.KeepAlive, now);
            _timers[Timer.First] = now + NextInterval();
        }

        if (_second is { } server && _timers.Expired(Timer.Second, now))
        {
            _secondAsked ??= transactions.Start(server, StunSchedule.KeepAlive, now);
            _timers[Timer.Second] = now + SecondInterval;
        }
    }

    private void JudgeFirst(StunBinding binding, Instant now)
    {
        if (binding.State != StunBindingState.Answered)
        {
            if (++_silences >= SilencesBeforeSwap) Swap();
            return;
        }

        _silences = 0;
        if (binding.MappedEndpoint == _mapped) return;
        _mapped = binding.MappedEndpoint;
        _moved = true;
        _changes.Enqueue(_mapped);
        _timers[Timer.First] = now + NextInterval();
    }

    private void JudgeSecond(StunBinding binding, Instant now)
    {
        if (binding.State != StunBindingState.Answered || binding.MappedEndpoint == _mappedBySecond) return;
        _mappedBySecond = binding.MappedEndpoint;
        _timers[Timer.First] = now;
    }

    // The first server went away. The second may stand in only if it sees the same address: behind a symmetric NAT every server
    // sees another one, and a change of servers would look like a change of address.
    private void Swap()
    {
        if (_second is not { } second || _mappedBySecond != _mapped) return;
        _second = _first;
        _first = second;
        _silences = 0;
    }

    // A mapping that moved once lives shortly: it is kept with less rest from then on.
    private TimeSpan NextInterval()
    {
        if (_moved) return IntervalAfterChange;
        Span<byte> random = stackalloc byte[1];
        fillRandom(random);
        return Interval + (IntervalJitter * ((random[0] / 127.5) - 1));
    }

    private static StunBinding? Ended(ref StunBinding? asked)
    {
        if (asked is null || asked.State == StunBindingState.Pending) return null;
        var ended = asked;
        asked = null;
        return ended;
    }
}
