using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <content>Finding the rate (§4.3.1, §4.3.2).</content>
public sealed partial class BbrControl
{
    private const double StartupPacingGain = 2.77;
    private const double StretchedGain = 1.25;
    private const double StartupWindowGain = 2;
    private const double DrainPacingGain = 0.5;
    private const double Growth = 1.25;
    private const int FlatRounds = 3;
    private const int QueuedReports = 8;
    private const int QueuedPackets = 32;
    private const int LeastStartupLosses = 6;
    private const int LeastStartupPackets = 64;
    private static readonly TimeSpan LeastQueue = TimeSpan.FromMilliseconds(2);

    private readonly TrainRate _train = new();
    private double _fullRate;
    private int _flatRounds;
    private bool _isFull;
    private bool _isFullNow;
    private int _queuedReports;
    private Instant _queuedSince;
    private long _queuedDelivered;
    private long _startupDelivered;
    private int _startupLost;

    private void UpdateStartup(in DeliverySample sample)
    {
        if (_state == State.Startup) UpdateTrain(sample);
        CheckFull(sample);
        if (_state == State.Startup) CheckQueue(sample);
        if (_state == State.Startup) CheckStartupLoss(sample);
        if (_state == State.Startup && _isFull)
        {
            _state = State.Drain;
            (_pacingGain, _windowGain) = (DrainPacingGain, StartupWindowGain);

            // What start-up sent too much is found missing within that time, and says nothing about the rate since.
            _startupIsPast = sample.Now + (1.5 * _path.MinRoundTrip);
        }

        if (_state == State.Drain && sample.InFlight <= _path.Inflight(_path.MaxRate, 1)) StartDown(sample.Now);
    }

    // The draft doubles each round trip what is under way, from next to nothing. A train shows much sooner what the path carries.
    private void UpdateTrain(in DeliverySample sample)
    {
        var rate = _train.Take(sample, begins: _path.IsRoundStart, _path.Jitter);
        _path.RaiseMaxRate(rate);

        // Where a train seems to have met the narrowest link, the next one goes no more than a little above it.
        if (rate > 0) (_pacingGain, _windowGain) = _train.SeemsStretched ? (StretchedGain, StretchedGain) : (StartupPacingGain, StartupWindowGain);
        if (!_train.IsStretched || sample.QueueDelay < LeastQueue + (4 * _path.Jitter)) return;

        // The rate is known, and nothing is gained by going above it until a queue tells the same.
        _window = Math.Max(_window, _path.Inflight(_path.MaxRate, 1));
        _isFull = true;
    }

    // §4.3.1.2: the rate has not grown by a quarter for three rounds.
    private void CheckFull(in DeliverySample sample)
    {
        if (_isFullNow || !_path.IsRoundStart || sample.IsApplicationLimited) return;
        if (_path.MaxRate >= Growth * _fullRate)
        {
            ResetFull(_path.MaxRate);
            return;
        }

        _isFullNow = ++_flatRounds >= FlatRounds;
        _isFull |= _isFullNow;
    }

    // Who starts up sends at twice the rate that was; when a queue stands, that is more than the path carries, and what arrives
    // meanwhile by the receiver's clock is what it carries. So nobody needs to fill the queue for three rounds to be sure.
    private void CheckQueue(in DeliverySample sample)
    {
        if (sample.QueueDelay < LeastQueue + (_path.MinRoundTrip / 16) + (4 * _path.Jitter))
        {
            _queuedReports = 0;
            return;
        }

        if (_queuedReports++ == 0) (_queuedSince, _queuedDelivered) = (sample.Arrival, sample.Delivered);
        var (packets, time) = (sample.Delivered - _queuedDelivered, sample.Arrival - _queuedSince);
        if (_queuedReports < QueuedReports || packets < QueuedPackets || time < _path.MinRoundTrip / 4) return;
        _path.SetMaxRate(packets / time.TotalSeconds);
        _isFull = true;
    }

    // §4.3.1.3. The rounds before show what gets lost without a queue.
    private void CheckStartupLoss(in DeliverySample sample)
    {
        if (_path.IsRoundStart)
        {
            var usual = (double)_startupLost / Math.Max(_startupLost + sample.Delivered - _startupDelivered, 1);
            _usualLoss += (usual - _usualLoss) / 2;
            (_startupLost, _startupDelivered) = (0, sample.Delivered);
        }

        _startupLost += sample.NewlyLost;
        var packets = _startupLost + sample.Delivered - _startupDelivered;
        if (_startupLost < LeastStartupLosses || packets < LeastStartupPackets || _startupLost < packets * (TooMuchLoss + (2 * _usualLoss))) return;
        _isFull = true;
        _longInflight = Math.Max(_path.BandwidthDelay, _latestInflight);
    }

    private void ResetFull(double rate)
    {
        _fullRate = rate;
        _flatRounds = 0;
        _isFullNow = false;
    }
}
