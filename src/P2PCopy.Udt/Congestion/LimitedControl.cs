using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Congestion;

/// <summary>Another control, never faster than a limit.</summary>
/// <param name="inner">Decides below the limit.</param>
/// <param name="bytesPerSecond">The limit, bytes of data.</param>
/// <param name="packetBytes">Bytes of data in a full packet.</param>
internal sealed class LimitedControl(ICongestionControl inner, long bytesPerSecond, int packetBytes) : ICongestionControl
{
    private readonly double _least = packetBytes * 1e6 / bytesPerSecond;

    /// <summary>What decides below the limit.</summary>
    public ICongestionControl Inner => inner;

    public double IntervalMicroseconds => Math.Max(inner.IntervalMicroseconds, _least);

    public int Window => inner.Window;

    public void Start(int maxWindow, int mss) => inner.Start(maxWindow, mss);

    public void OnAcknowledged(in AckSample sample) => inner.OnAcknowledged(sample);

    public void OnLoss(in LossSample sample) => inner.OnLoss(sample);

    public void OnDelivered(in DeliverySample sample) => inner.OnDelivered(sample);

    public void OnExpiration(Instant now) => inner.OnExpiration(now);

    public void OnCongestionWarning(Instant now) => inner.OnCongestionWarning(now);
}
