using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <content>Probing for the round trip (§4.3.4).</content>
public sealed partial class BbrControl
{
    private const double ProbeRoundTripWindowGain = 0.5;
    private static readonly TimeSpan ProbeRoundTripAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ProbeRoundTripTime = TimeSpan.FromMilliseconds(200);

    private Instant _probeRoundTripUntil = Instant.Never;
    private long _probeRoundTripRound;
    private TimeSpan _probedRoundTrip;

    private void UpdateProbeRoundTrip(in DeliverySample sample)
    {
        var now = sample.Now;
        if (_state != State.ProbeRoundTrip)
        {
            if (!_isFull || _path.MinRoundTrip == TimeSpan.Zero || now - _path.MinRoundTripAt < ProbeRoundTripAfter) return;
            (_state, _pacingGain, _windowGain) = (State.ProbeRoundTrip, 1, ProbeRoundTripWindowGain);
            _probeRoundTripUntil = Instant.Never;
            return;
        }

        if (_probeRoundTripUntil != Instant.Never && sample.RoundTrip > TimeSpan.Zero && sample.RoundTrip < _probedRoundTrip)
            _probedRoundTrip = sample.RoundTrip;
        if (_probeRoundTripUntil == Instant.Never)
        {
            if (sample.InFlight > _path.Inflight(Rate, ProbeRoundTripWindowGain)) return;
            _probeRoundTripUntil = now + ProbeRoundTripTime;
            _probedRoundTrip = TimeSpan.MaxValue;
            _probeRoundTripRound = _path.Rounds;
        }
        else if (now >= _probeRoundTripUntil && _path.Rounds > _probeRoundTripRound)
        {
            if (_probedRoundTrip != TimeSpan.MaxValue) _path.SetMinRoundTrip(_probedRoundTrip, now);
            ForgetShortBounds();
            StartDown(now);
            (_state, _pacingGain) = (State.Cruise, 1);
        }
    }
}
