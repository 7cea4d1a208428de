using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <content>What losses say (§4.5.6): bounds for the long run by what was too much, and for the short run by what got through.</content>
public sealed partial class BbrControl
{
    private const double TooMuchLoss = 0.02;
    private const double Beta = 0.7;

    // Where a round trip takes no longer than a machine comes late now and then, a single one tells little about the rate.
    private static readonly TimeSpan LeastLossRound = TimeSpan.FromMilliseconds(10);

    private double _longInflight = double.PositiveInfinity;
    private double _shortInflight = double.PositiveInfinity;
    private double _shortRate = double.PositiveInfinity;
    private double _latestRate;
    private double _latestInflight;
    private double _upDelivered;
    private double _upEvery = double.PositiveInfinity;
    private int _upRounds;
    private int _queuedLosses;
    private long _roundDelivered;
    private long _lossRoundEnd;
    private Instant _lossRoundSince;
    private double _longQueue;
    private Instant _startupIsPast = Instant.Never;
    private double _usualLoss;

    private void UpdateLosses(in DeliverySample sample)
    {
        _latestRate = Math.Max(_latestRate, sample.Rate);
        _latestInflight = Math.Max(_latestInflight, sample.Delivered - sample.PriorDelivered);
        var queue = sample.QueueDelay.TotalSeconds;
        // What it is when it is long, and not what a machine that came late made of it once: by that, no other queue would seem long.
        _longQueue += queue > _longQueue ? (queue - _longQueue) / 16 : -_longQueue / 2048;
        var isQueued = queue > 0.001 && queue > _longQueue / 2;
        if (isQueued && sample.Now >= _startupIsPast) _queuedLosses += sample.NewlyLost;
        if (!isQueued && _state == State.Cruise && sample.SentInFlight > 0)
            _usualLoss += ((double)sample.LostSince / (sample.SentInFlight + sample.LostSince) - _usualLoss) / 64;
        if (sample.PriorDelivered < _lossRoundEnd || sample.Now - _lossRoundSince < LeastLossRound) return;
        (_lossRoundEnd, _lossRoundSince) = (sample.Delivered, sample.Now);
        if (_queuedLosses > 1 + (3 * _usualLoss * (sample.Delivered - _roundDelivered)) && _state is State.Down or State.Cruise) LowerShortBounds();
        _queuedLosses = 0;
        _roundDelivered = sample.Delivered;
        _latestRate = sample.Rate;
        _latestInflight = sample.Delivered - sample.PriorDelivered;
    }

    private void LowerShortBounds()
    {
        if (double.IsPositiveInfinity(_shortRate)) _shortRate = _path.MaxRate;
        if (double.IsPositiveInfinity(_shortInflight)) _shortInflight = _window;
        _shortRate = Math.Max(_latestRate, Beta * _shortRate);
        _shortInflight = Math.Max(_latestInflight, Beta * _shortInflight);
    }

    private void ForgetRound() => (_queuedLosses, _latestRate, _latestInflight) = (0, 0, 0);

    private void ForgetShortBounds() => _shortRate = _shortInflight = double.PositiveInfinity;

    private bool IsTooMuch(in DeliverySample sample) =>
        sample.LostSince > sample.SentInFlight * (TooMuchLoss + (2 * _usualLoss));

    // §4.5.6.2
    private void UpdateLongInflight(in DeliverySample sample)
    {
        if (_ratesAreFresh && _path.IsRoundStart && _state is State.Down or State.Cruise)
        {
            _ratesAreFresh = false;
            if (!sample.IsApplicationLimited) _path.AdvanceMaxRate();
        }

        if (!IsTooMuch(sample))
        {
            if (double.IsPositiveInfinity(_longInflight)) return;
            _longInflight = Math.Max(_longInflight, sample.SentInFlight);
            if (_state == State.Up) RaiseLongInflight(sample);
        }
        else if (_state == State.Up)
        {
            if (!sample.IsApplicationLimited) _longInflight = Math.Max(InflightAtLoss(sample), Beta * Math.Min(_path.Inflight(Rate, 1), _window));
            StartDown(sample.Now);
        }
    }

    // What was under way when the lost packet left was too much by a little. What was when the delivered one left says nothing once many
    // are lost: it may be what is sent again.
    private double InflightAtLoss(in DeliverySample sample) => Math.Max(sample.SentInFlight, Math.Min(sample.LostInFlight, _window));

    private void RaiseLongInflight(in DeliverySample sample)
    {
        // Only whole packets can be under way: compared with the fraction, a full window would never look full.
        if (sample.InFlight + sample.NewlyDelivered < Math.Floor(_window) || _window < _longInflight) return;
        _upDelivered += sample.NewlyDelivered;
        if (_upDelivered >= _upEvery)
        {
            var steps = Math.Floor(_upDelivered / _upEvery);
            _upDelivered -= steps * _upEvery;
            _longInflight += steps;
        }

        if (_path.IsRoundStart) RaiseUpSlope();
    }

    private void RaiseUpSlope()
    {
        _upEvery = Math.Max(_window / (1 << _upRounds), 1);
        _upRounds = Math.Min(_upRounds + 1, 30);
    }
}
