using System.Numerics;

namespace P2PCopy.Udt;

/// <summary>What a UDT socket is told before it connects.</summary>
public sealed record UdtOptions
{
    /// <summary>The smallest <see cref="Mss"/> that any implementation accepts.</summary>
    public const int MinMss = 76;

    /// <summary>The largest <see cref="Mss"/>, bounded by the longest datagram that is sent or received (9,216 bytes).</summary>
    public const int MaxMss = 9216 + HeaderBytes - UdtHeaderBytes;

    internal const int HeaderBytes = 44;
    internal const int UdtHeaderBytes = 16;
    private const int MostWindow = 1 << 20;

    /// <summary>
    /// Largest packet in bytes, counted as UDT does: 20 IP + 8 UDP + 16 UDT header + payload. 1500 carries 1456 bytes of data. Each
    /// side sends at most the smaller of the two.
    /// </summary>
    public int Mss { get; init; } = 1500;

    /// <summary>
    /// Packets that may wait for the application to read, told to the peer as its window; rounded up to a power of two, above 1,024 to
    /// a multiple of that. Memory is taken as packets wait.
    /// </summary>
    public int ReceiveBufferPackets { get; init; } = 16384;

    /// <summary>
    /// Packets that may wait for an acknowledgement; rounded as <see cref="ReceiveBufferPackets"/>. At most 8,192 of them wait for their
    /// first sending. Memory is taken as packets wait.
    /// </summary>
    public int SendBufferPackets { get; init; } = 16384;

    /// <summary>Memory that was made before, for buffers whose packets it suits; they make the rest themselves.</summary>
    public PacketMemory? Memory { get; init; }

    /// <summary>How long a caller tries. The reference library gives up after 3 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a rendezvous waits for its peer.</summary>
    public TimeSpan RendezvousTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the peer must at least be silent before it counts as dead. Zero leaves it to UDT's own rule (16 expirations, some
    /// seconds); below a layer that watches the path itself, that layer decides and this is longer.
    /// </summary>
    public TimeSpan LeastSilence { get; init; }

    /// <summary>The kind that handshakes name; listeners of the reference library compare it.</summary>
    public UdtSocketType SocketType { get; init; } = UdtSocketType.Stream;

    /// <summary>Bytes of data that may leave in a second, those sent again included; 0 sets no limit.</summary>
    public long MostBytesPerSecond { get; init; }

    /// <summary>Makes the congestion controller of each new connection; UDT's native one when <see langword="null"/>.</summary>
    public Func<Congestion.ICongestionControl>? CongestionControl { get; init; }

    /// <summary>
    /// Whether a rendezvous offers to report deliveries exactly, in the place of UDT's acknowledgements and loss reports. It is done when
    /// both sides offer it; a peer that knows UDT 4 alone sees a cookie that it ignores. Rates then come from
    /// <see cref="Congestion.BbrControl"/> unless <see cref="CongestionControl"/> says otherwise.
    /// </summary>
    public bool DeliveryReports { get; init; }

    /// <summary>Fixes the first sequence number, so that tests reach the wrap; random when <see langword="null"/>.</summary>
    internal SequenceNumber? InitialSequence { get; init; }

    /// <summary>The <see cref="Mss"/> with which packets, UDT header included, are at most so long.</summary>
    /// <param name="packetBytes">What the layer below carries in one piece.</param>
    public static int MssOf(int packetBytes) => packetBytes + HeaderBytes - UdtHeaderBytes;

    /// <summary>The packets of a window of at most so many bytes of data, as it is not rounded up any more.</summary>
    /// <param name="bytes">Bytes of data.</param>
    public int PacketsOf(long bytes) => (int)Math.Clamp(bytes / (Mss - HeaderBytes) & -PieceRing<byte>.MostPieceSlots, PieceRing<byte>.MostPieceSlots, MostWindow);

    internal static int WindowOf(int packets) => packets <= PieceRing<byte>.MostPieceSlots
        ? (int)BitOperations.RoundUpToPowerOf2((uint)packets)
        : (packets + PieceRing<byte>.MostPieceSlots - 1) & -PieceRing<byte>.MostPieceSlots;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Mss, MinMss);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Mss, MaxMss);
        ArgumentOutOfRangeException.ThrowIfNegative(MostBytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReceiveBufferPackets, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ReceiveBufferPackets, MostWindow);
        ArgumentOutOfRangeException.ThrowIfLessThan(SendBufferPackets, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SendBufferPackets, MostWindow);
    }
}
