using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>
/// A rate control for work in the background, after LEDBAT (RFC 6817) and draft-irtf-iccrg-ledbat-plus-plus: it takes what others leave
/// and makes room as soon as a queue stands, long before they lose anything. Alone on a path it fills it.
/// </summary>
/// <remarks>
/// With a peer that reports deliveries it knows the time in queues one way; else it takes the round trip for it. The least of each
/// round trip counts, so that jitter does not look like a queue. Now and then it sends little for two round trips, since its own queue
/// must not become what a path without a queue looks like.
/// </remarks>
public sealed class PoliteControl : ICongestionControl
{
    private const double StartWindow = 16;
    private const double LeastWindow = 2;
    private const double GrowthPerRound = 0.05;
    private const double PacingGain = 1.1;
    private const double StartPacingGain = 2;
    private const double SlowdownShare = 0.25;
    private const int SlowdownRounds = 2;
    private const int StartReports = 8;
    private const int PacketsInQueue = 2;
    private static readonly TimeSpan MostTarget = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LeastTarget = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan StartRoundTrip = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowdownEvery = TimeSpan.FromSeconds(30);

    private double _window = StartWindow;
    private double _maxWindow = StartWindow;
    private long _lastDelivered;
    private bool _isStarting = true;
    private bool _isSlow;
    private TimeSpan _roundTrip = StartRoundTrip;
    private TimeSpan _leastRoundTrip = TimeSpan.MaxValue;
    private TimeSpan _queue = TimeSpan.MaxValue;
    private TimeSpan _lastQueue;
    private TimeSpan _jitter;
    private TimeSpan _target = MostTarget;
    private Instant _lastSlowdown = Instant.Never;
    private Instant _roundSince = Instant.Zero;
    private long _roundEnd;
    private long _roundDelivered;
    private long _rounds;
    private long _slowUntil;
    private int _queuedReports;
    private long _lost;

    /// <inheritdoc/>
    public double IntervalMicroseconds =>
        _roundTrip.TotalMicroseconds / ((_isStarting ? StartPacingGain : PacingGain) * (_isSlow ? _window * SlowdownShare : _window));

    /// <inheritdoc/>
    public int Window => (int)Math.Clamp(_isSlow ? _window * SlowdownShare : _window, LeastWindow, Math.Max(_maxWindow, LeastWindow));

    /// <inheritdoc/>
    public void Start(int maxWindow, int mss) => _maxWindow = maxWindow;

    /// <inheritdoc/>
    public void OnDelivered(in DeliverySample sample)
    {
        if (sample.RoundTrip > TimeSpan.Zero) _roundTrip += (sample.RoundTrip - _roundTrip) / (_rounds == 0 ? 1 : 8);
        _lost += sample.NewlyLost;
        Update(sample.Now, sample.Delivered, sample.QueueDelay, sample.PriorDelivered >= _roundEnd, sample.Delivered + sample.InFlight);
    }

    /// <inheritdoc/>
    public void OnAcknowledged(in AckSample sample)
    {
        _roundTrip = sample.RoundTrip;
        if (_roundTrip < _leastRoundTrip) _leastRoundTrip = _roundTrip;
        Update(sample.Now, sample.Acknowledged, _roundTrip - _leastRoundTrip, sample.Now - _roundSince >= _roundTrip, sample.Acknowledged);
    }

    /// <inheritdoc/>
    public void OnLoss(in LossSample sample) => _lost++;

    /// <inheritdoc/>
    public void OnExpiration(Instant now) => _window = LeastWindow;

    /// <inheritdoc/>
    public void OnCongestionWarning(Instant now) => _window = Math.Max(_window / 2, LeastWindow);

    private void Update(Instant now, long delivered, TimeSpan queue, bool isRoundEnd, long sent)
    {
        if (_lastSlowdown == Instant.Never) _lastSlowdown = now;
        if (queue < _queue) _queue = queue;
        _jitter += ((queue - _lastQueue).Duration() - _jitter) / 16;
        _lastQueue = queue;
        if (_isStarting) Start(delivered - _lastDelivered, queue);
        _lastDelivered = delivered;
        if (!isRoundEnd) return;
        if (_isSlow) _isSlow = _rounds < _slowUntil;
        else Adjust(now, delivered - _roundDelivered);
        (_roundEnd, _roundSince, _roundDelivered, _queue, _lost) = (sent, now, delivered, TimeSpan.MaxValue, 0);
        _rounds++;
    }

    // A queue that can be told from jitter, and from the packets that must stand in it when each takes long to leave.
    private TimeSpan Target => _target + (3 * _jitter) + (PacketsInQueue * _roundTrip / _window);

    // Doubling in a round trip, until a queue stands.
    private void Start(long delivered, TimeSpan queue)
    {
        _window = Math.Min(_window + Math.Max(delivered, 0), _maxWindow);
        _queuedReports = queue > Target ? _queuedReports + 1 : 0;
        if (_queuedReports < StartReports) return;
        _isStarting = false;
        _window = Math.Max(_window / 2, LeastWindow);
    }

    private void Adjust(Instant now, long delivered)
    {
        var excess = _queue / Target;
        var hasQueueLoss = _lost > 1 && (excess > 0.5 || _lost > delivered / 10);
        if (_isStarting && !hasQueueLoss) return;
        _isStarting = false;
        if (hasQueueLoss)
        {
            // Where a queue as short as this runs over, less has to stand in it.
            if (_queue / 2 < _target) _target = _queue / 2 > LeastTarget ? _queue / 2 : LeastTarget;
            _window /= 2;
        }
        else if (excess > 1)
        {
            _window *= Math.Max(0.5, 1 - ((excess - 1) / 2));
        }
        else
        {
            // What was not used is no reason to grow.
            if (delivered >= _window / 2) _window += Math.Max(1, GrowthPerRound * _window) * (1 - excess);
            if (now - _lastSlowdown >= SlowdownEvery) (_isSlow, _slowUntil, _lastSlowdown) = (true, _rounds + SlowdownRounds, now);
        }

        _window = Math.Clamp(_window, LeastWindow, Math.Max(_maxWindow, LeastWindow));
    }
}
