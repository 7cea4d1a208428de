using P2PCopy.Datagrams;

namespace P2PCopy.Simulation.Transfers;

/// <summary>
/// A TCP sender without end beside whom ours must be polite: CUBIC (RFC 9438) with selective acknowledgements, loss by time (RFC 8985),
/// HyStart++ (RFC 9406 §4.2, without its second phase) and no pacing, as kernels have it by default. Segments of 1,448 bytes in packets
/// of 1,500.
/// </summary>
/// <param name="peer">The receiver.</param>
public sealed class CubicSender(UdpEndpoint peer) : IDatagramProtocol
{
    internal const int SegmentBytes = 1448;
    internal const int DatagramBytes = 1472;
    internal const int AckBytes = 64;
    private const double Beta = 0.7;
    private const double C = 0.4;
    private const int HyStartSamples = 8;
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<long, Segment> _segments = [];
    private readonly SortedSet<long> _lost = [];
    private long _next;
    private long _acknowledged;
    private long _recovery = -1;
    private long _round;
    private int _inFlight;
    private double _window = 10;
    private double _threshold = double.MaxValue;
    private double _before;
    private double _reno;
    private Instant _epoch = Instant.Never;
    private TimeSpan _roundTrip;
    private TimeSpan _deviation;
    private TimeSpan _baseRoundTrip = TimeSpan.MaxValue;
    private TimeSpan _roundLeast = TimeSpan.MaxValue;
    private int _roundSamples;
    private Instant _newestSent = Instant.Zero;
    private Instant _timeout = Instant.Never;

    /// <summary>Bytes that the receiver has confirmed.</summary>
    public long Delivered => _acknowledged * SegmentBytes;

    public Instant NextTimeout => _timeout;

    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => remote == peer;

    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        var reader = new PacketReader(datagram);
        var next = (long)reader.ReadUInt64();
        var sent = new Instant((long)reader.ReadUInt64());
        var acknowledged = 0;
        for (; _acknowledged < next; _acknowledged++) acknowledged += Take(_acknowledged);
        for (var block = 0; block < 3; block++)
        {
            var (first, end) = ((long)reader.ReadUInt64(), (long)reader.ReadUInt64());
            for (var index = Math.Max(first, _acknowledged); index < end; index++) acknowledged += Take(index);
        }

        if (acknowledged == 0) return;
        Measure(now - sent);
        Detect(now);
        if (_recovery >= 0 && _acknowledged >= _recovery) _recovery = -1;
        if (_recovery < 0) Grow(acknowledged, now);
        Arm(now);
    }

    public void HandleTimeout(Instant now)
    {
        if (now < _timeout) return;
        foreach (var (index, segment) in _segments)
            if (segment.IsUnderWay) Lose(index, segment);
        Reduce(now);
        _window = 1;
        _roundTrip *= 2;
        Arm(now);
    }

    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (_inFlight >= _window) return false;
        var index = _lost.Count > 0 ? _lost.Min : _next++;
        _lost.Remove(index);
        if (!_segments.TryGetValue(index, out var segment)) _segments[index] = segment = new Segment();
        (segment.SentAt, segment.IsUnderWay) = (now, true);
        _inFlight++;
        if (_timeout == Instant.Never) Arm(now);
        buffer[..DatagramBytes].Clear();
        var writer = new PacketWriter(buffer);
        writer.WriteUInt64((ulong)index);
        writer.WriteUInt64((ulong)now.Microseconds);
        transmit = new Transmit(DatagramBytes, peer);
        return true;
    }

    private int Take(long index)
    {
        if (!_segments.Remove(index, out var segment)) return 0;
        if (segment.IsUnderWay) _inFlight--;
        _lost.Remove(index);
        _newestSent = Instant.Max(_newestSent, segment.SentAt);
        return 1;
    }

    private void Detect(Instant now)
    {
        foreach (var (index, segment) in _segments)
        {
            if (!segment.IsUnderWay || segment.SentAt + (_baseRoundTrip / 4) >= _newestSent) continue;
            Lose(index, segment);
            if (_recovery < 0) Reduce(now);
        }
    }

    private void Lose(long index, Segment segment)
    {
        segment.IsUnderWay = false;
        _inFlight--;
        _lost.Add(index);
    }

    // RFC 9438 §4.6, §4.7.
    private void Reduce(Instant now)
    {
        _recovery = _next;
        _before = _window < _before ? _window * (1 + Beta) / 2 : _window;
        _window = _threshold = Math.Max(_window * Beta, 2);
        _epoch = Instant.Never;
        Arm(now);
    }

    private void Grow(int acknowledged, Instant now)
    {
        if (_window < _threshold)
        {
            _window += acknowledged;
            return;
        }

        if (_epoch == Instant.Never)
        {
            _epoch = now;
            _reno = _window;
            _before = Math.Max(_before, _window);
        }

        // §4.2, §4.3.
        var k = Math.Cbrt((_before - _threshold) / C);
        var t = (now - _epoch + _roundTrip).TotalSeconds;
        var target = Math.Clamp((C * Math.Pow(t - k, 3)) + _before, _window, 1.5 * _window);
        _reno += 3 * (1 - Beta) / (1 + Beta) * acknowledged / _window;
        _window = Math.Max(_window + ((target - _window) / _window * acknowledged), _reno);
    }

    private void Measure(TimeSpan roundTrip)
    {
        _deviation = _roundTrip == TimeSpan.Zero ? roundTrip / 2 : ((3 * _deviation) + (roundTrip - _roundTrip).Duration()) / 4;
        _roundTrip = _roundTrip == TimeSpan.Zero ? roundTrip : ((7 * _roundTrip) + roundTrip) / 8;
        if (roundTrip < _baseRoundTrip) _baseRoundTrip = roundTrip;
        if (_acknowledged >= _round) (_round, _roundLeast, _roundSamples) = (_next, TimeSpan.MaxValue, 0);
        if (roundTrip < _roundLeast) _roundLeast = roundTrip;
        var rise = TimeSpan.FromMilliseconds(Math.Clamp(_baseRoundTrip.TotalMilliseconds / 8, 4, 16));
        if (++_roundSamples == HyStartSamples && _threshold == double.MaxValue && _roundLeast >= _baseRoundTrip + rise) _threshold = _window;
    }

    private void Arm(Instant now)
    {
        var wait = _roundTrip + (4 * _deviation);
        _timeout = _inFlight == 0 && _segments.Count == 0 ? Instant.Never : now + (wait > LeastTimeout ? wait : LeastTimeout);
    }

    private sealed class Segment
    {
        public Instant SentAt { get; set; }

        public bool IsUnderWay { get; set; }
    }
}
