using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>When the copies of a question leave, and when it counts as unanswered.</summary>
internal sealed class Retries
{
    private TimeSpan[] _times = [];
    private Instant _start;
    private Instant _end = Instant.Never;
    private int _sent;

    /// <summary>
    /// A question to a router in the same house. RFC 6886 repeats after 250 ms, RFC 6887 after 3 s; the shorter one suits both, since
    /// there is another way when nothing comes. It goes on for a while at growing distances: some routers are slow, and some users
    /// switch the service on just now.
    /// </summary>
    public static ReadOnlySpan<int> Asking => [0, 250, 500, 1500, 3500, 7500, 15500, 31500]; // PROTOCOL MAP-3.

    /// <summary>A search that many in the house hear.</summary>
    public static ReadOnlySpan<int> Searching => [0, 250, 500];

    /// <summary>Taking back must be over in 300 ms.</summary>
    public static ReadOnlySpan<int> Deleting => [0, 100, 200]; // PROTOCOL MAP-10.

    /// <summary>When something is to be done.</summary>
    public Instant Next => Instant.Min(NextSend, _end);

    private Instant NextSend => _sent < _times.Length ? _start + _times[_sent] : Instant.Never;

    /// <summary>Asks from now on.</summary>
    /// <param name="milliseconds">When copies leave, counted from now.</param>
    /// <param name="patience">When it is over.</param>
    /// <param name="now">The time.</param>
    public void Begin(ReadOnlySpan<int> milliseconds, TimeSpan patience, Instant now)
    {
        _times = new TimeSpan[milliseconds.Length];
        for (var i = 0; i < _times.Length; i++) _times[i] = TimeSpan.FromMilliseconds(milliseconds[i]);
        (_start, _end, _sent) = (now, now + patience, 0);
    }

    /// <summary>There is nothing more to ask.</summary>
    public void Stop() => (_times, _sent, _end) = ([], 0, Instant.Never);

    /// <summary>Whether a copy is due; it counts as sent.</summary>
    public bool TrySend(Instant now)
    {
        if (NextSend > now) return false;

        // A machine that was held up does not send all that it missed at once.
        while (NextSend <= now) _sent++;
        return true;
    }

    /// <summary>Whether no answer came; once.</summary>
    public bool Expired(Instant now)
    {
        if (_end > now) return false;
        Stop();
        return true;
    }
}
