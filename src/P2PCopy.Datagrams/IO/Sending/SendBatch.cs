namespace P2PCopy.Datagrams.IO.Sending;

/// <summary>
/// What the machines want to send at one time: they write one datagram behind the other into one slab, so that those which are alike
/// can leave in one system call, as a train.
/// </summary>
internal sealed class SendBatch
{
    // A system call takes at most as many bytes as the longest datagram of IPv4 has, and UDP_MAX_SEGMENTS pieces: 64 before Linux 6.9.
    private const int MostTrainBytes = 65_507;
    private const int MostDatagrams = 64;

    private readonly byte[] _slab = GC.AllocateUninitializedArray<byte>(MostTrainBytes + UdpDriver.MaxDatagramBytes, pinned: true);
    private readonly Transmit[] _transmits = new Transmit[MostDatagrams];
    private int _filled;
    private int _taken;
    private int _takenBytes;

    /// <summary>Datagrams that were written by the last <see cref="Fill"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Lets the machine write what it has, until it has no more or the batch is as long as a train can be.</summary>
    public void Fill(IDatagramProtocol protocol, Instant now)
    {
        Count = _filled = _taken = _takenBytes = 0;

        // It ends where one more like the last would need a second train.
        for (var next = 0; Count < MostDatagrams && _filled + next <= MostTrainBytes; next = _transmits[Count++].Length)
        {
            if (!protocol.TryTransmit(_slab.AsSpan(_filled, UdpDriver.MaxDatagramBytes), now, out _transmits[Count])) break;
            _filled += _transmits[Count].Length;
        }
    }

    /// <summary>Takes the next datagrams that can leave together, in their order.</summary>
    /// <param name="train">Their bytes, one behind the other.</param>
    /// <param name="first">The first: all go where it goes, and all have its length, but the last may be shorter.</param>
    public bool TryTakeTrain(out ReadOnlySpan<byte> train, out Transmit first)
    {
        train = default;
        first = default;
        if (_taken == Count) return false;
        first = _transmits[_taken++];
        var length = first.Length;
        for (var joins = true; joins && _taken < Count; _taken++)
        {
            ref readonly var next = ref _transmits[_taken];
            if (!IsAlike(first, next) || length + next.Length > MostTrainBytes) break;
            length += next.Length;
            joins = next.Length == first.Length;
        }

        train = _slab.AsSpan(_takenBytes, length);
        _takenBytes += length;
        return true;
    }

    // What must not be fragmented probes how long a datagram may be: it stands alone, so that nothing can cut it.
    private static bool IsAlike(in Transmit first, in Transmit next) =>
        next.Length <= first.Length
        && !first.DontFragment
        && !next.DontFragment
        && next.TimeToLive == first.TimeToLive
        && next.Destination == first.Destination;
}
