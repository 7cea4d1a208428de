namespace P2PCopy.Datagrams.IO.Receiving;

/// <summary>What one look at a socket brought: arrivals in the order in which they came, in places of one slab.</summary>
internal sealed class ReceiveBatch
{
    /// <summary>Arrivals that fit.</summary>
    public const int Places = 8;

    /// <summary>Bytes of a place: the longest that a kernel joins. In a shorter one the end of a train would be lost without a word.</summary>
    public const int PlaceBytes = 1 << 16;

    // Places a power of two apart would all fall on the same lines of the processor's cache.
    private const int Stride = PlaceBytes + 576;

    private readonly byte[] _slab = GC.AllocateUninitializedArray<byte>(Places * Stride, pinned: true);
    private readonly Arrival[] _arrivals = new Arrival[Places];

    /// <summary>Arrivals there are.</summary>
    public int Count { get; private set; }

    /// <summary>The memory of a place.</summary>
    public Span<byte> PlaceAt(int index) => _slab.AsSpan(index * Stride, PlaceBytes);

    /// <summary>An arrival.</summary>
    public ref readonly Arrival this[int index] => ref _arrivals[index];

    /// <summary>The bytes of an arrival.</summary>
    public ReadOnlySpan<byte> BytesOf(int index) => _slab.AsSpan(index * Stride, _arrivals[index].Length);

    /// <summary>Forgets what was there.</summary>
    public void Clear() => Count = 0;

    /// <summary>The next place holds this.</summary>
    public void Add(in Arrival arrival) => _arrivals[Count++] = arrival;

    /// <summary>One datagram, or a train of them from one sender.</summary>
    /// <param name="Length">Bytes of all of it.</param>
    /// <param name="DatagramBytes">Bytes of each datagram but the last, which may be shorter; the whole for a single one.</param>
    /// <param name="Remote">Who sent it.</param>
    internal readonly record struct Arrival(int Length, int DatagramBytes, UdpEndpoint Remote);
}
