using P2PCopy.Datagrams;
using P2PCopy.Transfer.Measuring;

namespace P2PCopy.Tests.Transfer.Measuring;

/// <summary>Two sessions and two lines of a fixed rate between them, in virtual time.</summary>
internal sealed class MeasurePair
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Line _up;
    private readonly Line _down;

    /// <param name="each">How long bytes flow each way.</param>
    /// <param name="up">Bytes a second to the side that waits.</param>
    /// <param name="down">Bytes a second to the side that measures.</param>
    /// <param name="roundTrip">Of the path.</param>
    public MeasurePair(TimeSpan each, long up, long down, TimeSpan roundTrip)
    {
        Measurer = new MeasureSession(measures: true, each);
        Waiter = new MeasureSession(measures: false, TimeSpan.Zero);
        _up = new Line(up, roundTrip);
        _down = new Line(down, roundTrip);
    }

    public MeasureSession Measurer { get; }

    public MeasureSession Waiter { get; }

    public Instant Now { get; private set; } = new(1_000_000_000);

    public TimeSpan Elapsed => Now - new Instant(1_000_000_000);

    /// <summary>The most that stood before a line and had not left.</summary>
    public long LongestQueue => Math.Max(_up.LongestQueue, _down.LongestQueue);

    /// <summary>Runs until both have ended.</summary>
    public void Run()
    {
        while (Measurer.Ending is null || Waiter.Ending is null)
        {
            Assert.True(Elapsed < Longest, "it does not end");
            Now += Step;
            Speak(Measurer, _up);
            Speak(Waiter, _down);
            Deliver(_up, Waiter);
            Deliver(_down, Measurer);
            Measurer.HandleTimeout(Now);
            Waiter.HandleTimeout(Now);
        }
    }

    private void Speak(MeasureSession session, Line line)
    {
        var buffer = new byte[MeasureSession.MessageRoom];
        session.Observe(line.RoundTrip, line.Packets, line.Packets / 50);
        while (session.Ending is null && line.HasRoom && session.Take(buffer, line.Acknowledged(Now), Now) is > 0 and var count)
        {
            line.Write(buffer.AsSpan(0, count));
            session.WasSent();
        }
    }

    private void Deliver(Line line, MeasureSession session)
    {
        if (line.Deliver(Now, Step) is { Length: > 0 } bytes && session.Ending is null) session.Push(bytes, Now);
    }

    /// <summary>What is written leaves at a rate, and is acknowledged a round trip later. It holds as much as a connection does.</summary>
    private sealed class Line(long bytesPerSecond, TimeSpan roundTrip)
    {
        private const long MostQueue = 12 << 20;

        private readonly Queue<byte[]> _queue = new();
        private readonly Queue<(Instant Time, long Upto)> _acknowledgements = new();
        private long _queued;
        private long _delivered;
        private long _acknowledged;
        private double _credit;

        public TimeSpan RoundTrip { get; } = roundTrip;

        public long LongestQueue { get; private set; }

        public long Packets => _delivered / 1400;

        public bool HasRoom => _queued < MostQueue;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            _queue.Enqueue(bytes.ToArray());
            _queued += bytes.Length;
            LongestQueue = Math.Max(LongestQueue, _queued);
        }

        public byte[] Deliver(Instant now, TimeSpan step)
        {
            _credit = _queued == 0 ? 0 : _credit + (bytesPerSecond * step.TotalSeconds);
            var bytes = new List<byte>();
            while (_queue.TryPeek(out var next) && _credit >= 1)
            {
                _queue.Dequeue();
                var count = (int)Math.Min(next.Length, _credit);
                bytes.AddRange(next.AsSpan(0, count));
                _credit -= count;
                if (count == next.Length) continue;
                var rest = new Queue<byte[]>(_queue);
                _queue.Clear();
                _queue.Enqueue(next[count..]);
                foreach (var later in rest) _queue.Enqueue(later);
                break;
            }

            _queued -= bytes.Count;
            _delivered += bytes.Count;
            _acknowledgements.Enqueue((now + RoundTrip, _delivered));
            return [.. bytes];
        }

        public long Acknowledged(Instant now)
        {
            while (_acknowledgements.TryPeek(out var next) && next.Time <= now) _acknowledged = _acknowledgements.Dequeue().Upto;
            return _acknowledged;
        }
    }
}
