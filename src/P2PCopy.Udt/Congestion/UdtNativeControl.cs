using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>
/// UDT's own rate control (draft-gg-udt-03 §4), an AIMD whose increase depends on the free capacity of the link. Differences from
/// the reference, each for a fault that was measured there: on leaving slow start the rate is what was really delivered (the
/// reference starts its averages at 16 packets/s and crawls for seconds after one early loss), and the averages begin with their
/// first sample.
/// </summary>
public sealed class UdtNativeControl : ICongestionControl
{
    private const double SynMicroseconds = 10_000;
    private const double DecreaseFactor = 1.125;
    private const double LeastIncrease = 0.01;
    private const double SlowStartSpread = 0.5;
    private const double LosslessHeadroom = 2;
    private const int StartWindow = 16;
    private const int MostDecreasesPerEpisode = 5;

    private readonly Random _random;
    private double _arrivalSpeed;
    private double _capacity;
    private double _delivered;
    private double _lastDecreaseInterval = 1;
    private double _averageNaks = 1;
    private double _window = StartWindow;
    private long _newestAtDecrease = -1;
    private long _lastAcknowledged;
    private Instant _lastUpdate = Instant.Zero;
    private int _maxWindow = StartWindow;
    private int _mss = 1500;
    private int _naks;
    private int _decreases;
    private int _decreaseEvery = 1;
    private bool _slowStart = true;
    private bool _lossSinceUpdate;

    /// <summary>A controller for one connection.</summary>
    /// <param name="seed">Seeds the draw that keeps several flows from decreasing in step.</param>
    public UdtNativeControl(int seed = 0) => _random = new Random(seed);

    /// <inheritdoc/>
    public double IntervalMicroseconds { get; private set; }

    /// <inheritdoc/>
    public int Window => (int)Math.Clamp(_window, 2, _maxWindow);

    /// <inheritdoc/>
    public void Start(int maxWindow, int mss)
    {
        _maxWindow = Math.Max(maxWindow, 2);
        _mss = mss;
    }

    /// <inheritdoc/>
    public void OnAcknowledged(in AckSample sample)
    {
        Average(ref _arrivalSpeed, sample.ArrivalSpeed);
        Average(ref _capacity, sample.LinkCapacity);
        _delivered = sample.DeliveryRate;
        if ((sample.Now - _lastUpdate).TotalMicroseconds < SynMicroseconds) return;
        _lastUpdate = sample.Now;

        if (_slowStart)
        {
            _window += sample.Acknowledged - _lastAcknowledged;
            _lastAcknowledged = sample.Acknowledged;
            IntervalMicroseconds = SlowStartSpread * (sample.RoundTrip.TotalMicroseconds + SynMicroseconds) / _window;
            if (_window < _maxWindow) return;

            // The window alone holds us back and nothing was lost: there may be room for more than what is delivered.
            LeaveSlowStart(sample.RoundTrip);
            IntervalMicroseconds /= LosslessHeadroom;
        }
        else
        {
            _window = (Rate * (sample.RoundTrip.TotalMicroseconds + SynMicroseconds) / 1e6) + StartWindow;
        }

        if (_lossSinceUpdate) _lossSinceUpdate = false;
        else Increase();
    }

    /// <inheritdoc/>
    public void OnLoss(in LossSample sample)
    {
        _delivered = Math.Max(_delivered, sample.DeliveryRate);
        if (_slowStart)
        {
            // A loss before anything was measured tells nothing of the path's rate; the first window is small enough to go on.
            if (Rate <= 0) return;
            LeaveSlowStart(sample.RoundTrip);
            _newestAtDecrease = sample.NewestSent;
            _lastDecreaseInterval = IntervalMicroseconds;
            return;
        }

        _lossSinceUpdate = true;
        if (sample.FirstLost > _newestAtDecrease)
        {
            _lastDecreaseInterval = IntervalMicroseconds;
            Decrease();
            _averageNaks = Math.Ceiling((0.875 * _averageNaks) + (0.125 * _naks));
            _naks = 1;
            _decreases = 1;
            _newestAtDecrease = sample.NewestSent;
            _decreaseEvery = Math.Max(1, (int)Math.Ceiling(_averageNaks * _random.NextDouble()));
        }
        else if (_decreases < MostDecreasesPerEpisode && ++_naks % _decreaseEvery == 0)
        {
            _decreases++;
            Decrease();
            _newestAtDecrease = sample.NewestSent;
        }
    }

    /// <inheritdoc/>
    public void OnDelivered(in DeliverySample sample)
    {
        if (sample.NewlyLost > 0) OnLoss(new LossSample(sample.Now, sample.PriorDelivered, sample.Delivered + sample.InFlight, sample.RoundTrip, sample.Rate));
        OnAcknowledged(new AckSample(sample.Now, sample.Delivered, sample.RoundTrip, sample.Rate, sample.Rate, sample.Rate));
    }

    /// <inheritdoc/>
    public void OnExpiration(Instant now)
    {
        if (_slowStart) LeaveSlowStart(TimeSpan.FromMilliseconds(100));
    }

    /// <inheritdoc/>
    public void OnCongestionWarning(Instant now) => Decrease();

    private double Rate => Math.Max(_arrivalSpeed, _delivered);

    private void LeaveSlowStart(TimeSpan roundTrip)
    {
        // PROTOCOL UDT-23.
        _slowStart = false;
        var windowRate = _window * 1e6 / (roundTrip.TotalMicroseconds + SynMicroseconds);
        IntervalMicroseconds = 1e6 / Math.Max(_delivered > 0 ? _delivered : Math.Max(_arrivalSpeed, windowRate), 1);
    }

    private void Decrease() => IntervalMicroseconds = Math.Min(Math.Max(IntervalMicroseconds, 1) * DecreaseFactor, 1e6);

    private void Increase()
    {
        var interval = Math.Max(IntervalMicroseconds, 0.1);
        var free = _capacity - (1e6 / interval);
        if (interval > _lastDecreaseInterval && _capacity / 9 < free) free = _capacity / 9;
        var increase = LeastIncrease;
        if (free > 0)
        {
            var step = Math.Pow(10, Math.Ceiling(Math.Log10(free * _mss * 8))) * 1.5e-6 / _mss;
            increase = Math.Max(step, LeastIncrease);
        }

        IntervalMicroseconds = interval * SynMicroseconds / ((interval * increase) + SynMicroseconds);
    }

    private static void Average(ref double average, double sample)
    {
        if (sample > 0) average = average > 0 ? ((7 * average) + sample) / 8 : sample;
    }
}
