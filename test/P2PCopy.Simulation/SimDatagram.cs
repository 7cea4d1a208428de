using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>A datagram under way, with what its IP header would say. Whoever holds it owns it and gives it on or back to its pool.</summary>
public sealed class SimDatagram
{
    /// <summary>The hop limit of a datagram whose sender did not choose one.</summary>
    public const byte DefaultTimeToLive = 64;

    internal SimDatagram(int capacity) => Buffer = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>The bytes; only the first <see cref="Length"/> are meant.</summary>
    public byte[] Buffer { get; }

    /// <summary>Bytes of payload.</summary>
    public int Length { get; set; }

    /// <summary>Bytes of headers that count for rate, queue and MTU but are not in the buffer: 28 for UDP over IPv4, 48 over IPv6.</summary>
    public int HeaderBytes { get; set; }

    /// <summary>Who sent it, as seen where it is now.</summary>
    public UdpEndpoint Source { get; set; }

    /// <summary>Where it goes, as seen where it is now.</summary>
    public UdpEndpoint Destination { get; set; }

    /// <summary>Hops left.</summary>
    public int TimeToLive { get; set; }

    /// <summary>Whether it is dropped where it does not fit, rather than cut into pieces.</summary>
    public bool DontFragment { get; set; }

    /// <summary>The payload.</summary>
    public Span<byte> Payload => Buffer.AsSpan(0, Length);

    internal void CopyFrom(SimDatagram other)
    {
        other.Payload.CopyTo(Buffer);
        Length = other.Length;
        HeaderBytes = other.HeaderBytes;
        Source = other.Source;
        Destination = other.Destination;
        TimeToLive = other.TimeToLive;
        DontFragment = other.DontFragment;
    }
}
