using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <content>Probing for bandwidth (§4.3.3).</content>
public sealed partial class BbrControl
{
    private const double DownPacingGain = 0.9;
    private const double UpPacingGain = 1.25;
    private const double CruiseWindowGain = 2;
    private const double UpWindowGain = 2.25;
    private const double Headroom = 0.15;
    private const double UpGrowth = 1.1;
    private const int MostRoundsBetweenProbes = 63;
    private const int MostRoundsUp = 4;
    private const int LeastUpPackets = 8;

    private Instant _phaseSince;
    private TimeSpan _wait;
    private long _phaseRound;
    private long _probeRound;
    private bool _ratesAreFresh;
    private bool _hasProbed;
    private bool _isUpMarked;
    private long _upFrom;
    private long _upMarkDelivered;
    private Instant _upMarkArrival;
    private double _upMarkRate;

    private double InflightWithHeadroom =>
        double.IsPositiveInfinity(_longInflight) ? _longInflight : Math.Max(_longInflight * (1 - Headroom), LeastWindow);

    private void UpdateProbing(in DeliverySample sample)
    {
        if (!_isFull) return;
        UpdateLongInflight(sample);
        switch (_state)
        {
            case State.Down when IsTimeToProbe(sample.Now):
            case State.Cruise when IsTimeToProbe(sample.Now):
                StartRefill(sample.Now);
                break;
            case State.Down when IsDrained(sample):
                (_state, _pacingGain, _windowGain) = (State.Cruise, 1, CruiseWindowGain);
                break;
            case State.Refill when _path.IsRoundStart && _path.Rounds > _phaseRound:
                StartUp(sample);
                break;
            case State.Up when IsProbed(sample):
                StartDown(sample.Now);
                break;
        }
    }

    private void StartDown(Instant now)
    {
        ForgetRound();
        (_state, _pacingGain, _windowGain) = (State.Down, DownPacingGain, CruiseWindowGain);
        (_phaseSince, _phaseRound, _probeRound, _ratesAreFresh) = (now, _path.Rounds, _path.Rounds - _random.Next(2), true);

        // What start-up found is tried soon: jitter or another's burst may have ended it early.
        _wait = _hasProbed ? TimeSpan.FromSeconds(2 + _random.NextDouble()) : 3 * _path.MinRoundTrip;
    }

    private void StartRefill(Instant now)
    {
        ForgetShortBounds();
        (_state, _pacingGain, _windowGain) = (State.Refill, 1, CruiseWindowGain);
        (_phaseSince, _phaseRound) = (now, _path.Rounds);
        _upRounds = 0;
        _upDelivered = 0;
    }

    private void StartUp(in DeliverySample sample)
    {
        (_state, _pacingGain, _windowGain) = (State.Up, UpPacingGain, UpWindowGain);
        (_phaseSince, _phaseRound, _hasProbed) = (sample.Now, _path.Rounds, true);
        (_upFrom, _isUpMarked) = (sample.Delivered, false);
        ResetFull(_path.MaxRate);
        RaiseUpSlope();
    }

    // §4.3.3.5.1: after two to three seconds, or as often as Reno would lose.
    private bool IsTimeToProbe(Instant now) =>
        now - _phaseSince > _wait
        || (now - _phaseSince > _wait / 4 && _path.Rounds - _probeRound >= Math.Min(Math.Max(_path.Inflight(Rate, 1), 1), MostRoundsBetweenProbes));

    private bool IsDrained(in DeliverySample sample) =>
        sample.InFlight <= Math.Min(InflightWithHeadroom, _path.Inflight(_path.MaxRate, 1));

    // The draft goes up until the rate has not grown for three rounds. What left at the higher rate is seen to arrive at it, or not, by
    // the receiver's clock, so a fraction of a round trip is enough.
    private bool IsProbed(in DeliverySample sample)
    {
        if (_path.Rounds - _phaseRound > MostRoundsUp) return true;
        if (sample.PriorDelivered < _upFrom) return false;
        if (!_isUpMarked)
        {
            (_isUpMarked, _upMarkDelivered, _upMarkArrival, _upMarkRate) = (true, sample.Delivered, sample.Arrival, _path.MaxRate);
            return false;
        }

        var (packets, time) = (sample.Delivered - _upMarkDelivered, sample.Arrival - _upMarkArrival);
        if (packets < LeastUpPackets || time < _path.MinRoundTrip / 4 || time < 4 * _path.Jitter) return false;
        _isUpMarked = false;
        if (packets < UpGrowth * _upMarkRate * time.TotalSeconds && sample.InFlight >= _path.Inflight(_path.MaxRate, UpPacingGain)) return true;
        _phaseRound = _path.Rounds;
        return false;
    }
}
