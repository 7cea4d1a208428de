using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>
/// A model of the path instead of a reaction to loss, after BBR version 3 (draft-ietf-ccwg-bbr): it paces at the rate that the
/// narrowest link is measured to carry, keeps about as much under way as fits the path without a queue, and probes for more now and
/// then. It needs a peer that reports deliveries.
/// </summary>
/// <remarks>
/// What is different from the draft: losses count only when they come with a queue or are many, since the reports tell the
/// queue, and rounds of them last at least 10 ms (<c>Losses</c>); start-up grows by how fast trains pass (<see cref="TrainRate"/>) rather than by how much a round trip held, and
/// also ends as soon as a queue stands and the rate grows no more; a round trip that is seen to be as
/// short as before needs no probe. This part is the common frame; the others hold one state each.
/// </remarks>
public sealed partial class BbrControl : ICongestionControl
{
    private const int StartWindow = 64;
    private const double LeastWindow = 4;
    private const double StartRate = StartWindow / 0.020;
    private const double PacingMargin = 0.99;
    private const double MostMadeUpLoss = 0.05;

    private readonly PathModel _path = new();
    private readonly Random _random;
    private State _state = State.Startup;
    private double _pacingGain = StartupPacingGain;
    private double _windowGain = StartupWindowGain;
    private double _window = StartWindow;
    private double _rate = StartRate;
    private double _maxWindow = StartWindow;
    private bool _collapsed;

    /// <summary>A controller for one connection.</summary>
    /// <param name="seed">Seeds the draw that keeps several flows from probing in step.</param>
    public BbrControl(uint seed = 0) => _random = new Random((int)seed);

    private enum State
    {
        /// <summary>Doubling each round trip until the rate grows no more (§4.3.1).</summary>
        Startup,

        /// <summary>Below the rate until the queue that start-up made is gone (§4.3.2).</summary>
        Drain,

        /// <summary>Probing for bandwidth: below the rate, until there is no queue and some room (§4.3.3.1).</summary>
        Down,

        /// <summary>At the rate (§4.3.3.2).</summary>
        Cruise,

        /// <summary>At the rate, without the bounds that losses set (§4.3.3.3).</summary>
        Refill,

        /// <summary>Above the rate (§4.3.3.4).</summary>
        Up,

        /// <summary>With little under way, to see the round trip without our own queue (§4.3.4).</summary>
        ProbeRoundTrip,
    }

    /// <inheritdoc/>
    public double IntervalMicroseconds => 1e6 / _rate;

    /// <inheritdoc/>
    public int Window => _collapsed ? (int)LeastWindow : (int)Math.Clamp(_window, LeastWindow, Math.Max(_maxWindow, LeastWindow));

    /// <summary>The state's name and the model, for traces.</summary>
    internal string Describe() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{_state} rate {_path.MaxRate:0}/s bound {_shortRate:0}/s min {_path.MinRoundTrip.TotalMilliseconds:0.0} ms window {_window:0} long {_longInflight:0} short {_shortInflight:0}");

    /// <inheritdoc/>
    public void Start(int maxWindow, int mss) => _maxWindow = maxWindow;

    /// <inheritdoc/>
    public void OnDelivered(in DeliverySample sample)
    {
        _collapsed = false;
        _path.Update(sample, Rate, _window);
        UpdateLosses(sample);
        UpdateStartup(sample);
        UpdateProbing(sample);
        UpdateProbeRoundTrip(sample);
        SetRate();
        SetWindow(sample);
    }

    /// <inheritdoc/>
    public void OnExpiration(Instant now) => _collapsed = true;

    /// <inheritdoc/>
    public void OnCongestionWarning(Instant now)
    {
        // Peers that report deliveries do not send it.
    }

    /// <inheritdoc/>
    public void OnAcknowledged(in AckSample sample)
    {
        // A peer that only acknowledges is served by UDT's own control.
    }

    /// <inheritdoc/>
    public void OnLoss(in LossSample sample)
    {
        // As above.
    }

    private double Rate => Math.Min(_path.MaxRate, _shortRate);

    // §4.6.2. What is measured is what arrives. Where some is lost for no fault of ours, so much more has to leave that the path is full.
    private void SetRate()
    {
        var rate = _pacingGain * Rate * PacingMargin / (1 - Math.Min(_usualLoss, MostMadeUpLoss));
        if (rate > 0) _rate = _isFull ? rate : Math.Max(rate, StartRate);
    }

    // §4.6.4
    private void SetWindow(in DeliverySample sample)
    {
        var target = _path.Inflight(Rate, _windowGain) + _path.Lump;
        if (_isFull) _window = Math.Min(_window + sample.NewlyDelivered, target);
        else if (_window < target || sample.Delivered < StartWindow) _window = Math.Max(_window + sample.NewlyDelivered, target);
        var bound = _state switch
        {
            State.ProbeRoundTrip => _path.Inflight(Rate, ProbeRoundTripWindowGain),
            State.Up or State.Refill or State.Startup or State.Drain => _longInflight,
            State.Cruise => Math.Min(InflightWithHeadroom, _shortInflight),
            _ => Math.Min(_longInflight, _shortInflight),
        };
        _window = Math.Clamp(_window, LeastWindow, Math.Min(Math.Max(bound, LeastWindow), Math.Max(_maxWindow, LeastWindow)));
    }
}
