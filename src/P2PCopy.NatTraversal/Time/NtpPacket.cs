using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Time;

/// <summary>An NTP packet without extensions (RFC 5905 §7.3).</summary>
public readonly record struct NtpPacket : IWireFormat<NtpPacket>
{
    //  |LI | VN  |Mode |    stratum     |     poll      |   precision   |
    //  |                  root delay, seconds 16.16                     |
    //  |                root dispersion, seconds 16.16                  |
    //  |                        reference id                            |
    //  |   reference, origin, receive, transmit timestamp (64 each)     |

    /// <summary>Bytes on the wire.</summary>
    public const int Bytes = 48;

    /// <summary>Mode of a request.</summary>
    public const byte ClientMode = 3;

    /// <summary>Mode of an answer.</summary>
    public const byte ServerMode = 4;

    /// <summary>LI of a server whose clock is not set.</summary>
    public const byte NotSynchronised = 3;

    /// <summary>Leap indicator, 0–3.</summary>
    public byte LeapIndicator { get; init; }

    /// <summary>Version, 1–4.</summary>
    public byte Version { get; init; }

    /// <summary>Mode, 0–7.</summary>
    public byte Mode { get; init; }

    /// <summary>Servers between this one and a reference clock; 0 marks a kiss: <see cref="ReferenceId"/> says what is wrong.</summary>
    public byte Stratum { get; init; }

    /// <summary>Exponent of the poll interval, seconds.</summary>
    public sbyte Poll { get; init; }

    /// <summary>Exponent of the clock's grain, seconds.</summary>
    public sbyte Precision { get; init; }

    /// <summary>Round trip to the reference clock, seconds in 16.16 fixed point.</summary>
    public uint RootDelay { get; init; }

    /// <summary>Largest error against the reference clock, seconds in 16.16 fixed point.</summary>
    public uint RootDispersion { get; init; }

    /// <summary>Which reference; four letters when the stratum is 0 or 1.</summary>
    public uint ReferenceId { get; init; }

    /// <summary>When the server's clock was set last.</summary>
    public NtpTimestamp Reference { get; init; }

    /// <summary>The transmit timestamp of the request.</summary>
    public NtpTimestamp Origin { get; init; }

    /// <summary>When the request arrived.</summary>
    public NtpTimestamp Receive { get; init; }

    /// <summary>When this packet left.</summary>
    public NtpTimestamp Transmit { get; init; }

    /// <summary>Half the root delay plus the root dispersion: how wrong the server itself may be.</summary>
    public TimeSpan RootDistance => TimeSpan.FromSeconds(((RootDelay / 2.0) + RootDispersion) / 65536);

    /// <summary>A request. The transmit timestamp only has to come back; a random one tells nobody the state of our clock.</summary>
    // PROTOCOL TIME-1.
    public static NtpPacket Request(ulong nonce) => new() { Version = 4, Mode = ClientMode, Transmit = new(nonce) };

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out NtpPacket packet)
    {
        packet = default;
        if (datagram.Length < Bytes) return false;
        var reader = new PacketReader(datagram);
        var first = reader.ReadByte();
        packet = new()
        {
            LeapIndicator = (byte)(first >> 6),
            Version = (byte)((first >> 3) & 7),
            Mode = (byte)(first & 7),
            Stratum = reader.ReadByte(),
            Poll = (sbyte)reader.ReadByte(),
            Precision = (sbyte)reader.ReadByte(),
            RootDelay = reader.ReadUInt32(),
            RootDispersion = reader.ReadUInt32(),
            ReferenceId = reader.ReadUInt32(),
            Reference = new(reader.ReadUInt64()),
            Origin = new(reader.ReadUInt64()),
            Receive = new(reader.ReadUInt64()),
            Transmit = new(reader.ReadUInt64()),
        };
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)((LeapIndicator << 6) | ((Version & 7) << 3) | (Mode & 7)));
        writer.WriteByte(Stratum);
        writer.WriteByte((byte)Poll);
        writer.WriteByte((byte)Precision);
        writer.WriteUInt32(RootDelay);
        writer.WriteUInt32(RootDispersion);
        writer.WriteUInt32(ReferenceId);
        writer.WriteUInt64(Reference.Bits);
        writer.WriteUInt64(Origin.Bits);
        writer.WriteUInt64(Receive.Bits);
        writer.WriteUInt64(Transmit.Bits);
        return writer.Length;
    }
}
