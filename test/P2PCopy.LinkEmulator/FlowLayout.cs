using System.Buffers.Binary;

namespace P2PCopy.LinkEmulator;

/// <summary>
/// Where the headers of an IP packet of UDP or TCP are, and what of them differs between the packets of a train. Their checksum is one
/// that the hardware would complete: so far it holds the sum of the pseudo header alone.
/// </summary>
internal readonly record struct FlowLayout(bool IsIPv4, bool IsTcp, int IpBytes, int HeaderBytes)
{
    private const int IPv4Bytes = 20;
    private const int IPv6Bytes = 40;
    private const int UdpBytes = 8;
    private const int LeastTcpBytes = 20;
    private const byte Tcp = 6;
    private const byte Udp = 17;
    private const byte Finish = 1;
    private const byte Push = 8;
    private const byte Acknowledge = 16;

    /// <summary>Reads a packet; false when it is anything else, a fragment, or has options of IP.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, out FlowLayout layout)
    {
        layout = default;
        if (packet.Length < IPv4Bytes + UdpBytes) return false;
        var isIPv4 = packet[0] == 0x45;
        if (isIPv4 ? (Word(packet[6..]) & 0x3fff) != 0 : packet[0] >> 4 != 6 || packet.Length < IPv6Bytes + UdpBytes) return false;
        var protocol = isIPv4 ? packet[9] : packet[6];
        var ipBytes = isIPv4 ? IPv4Bytes : IPv6Bytes;
        if (protocol == Udp) layout = new(isIPv4, false, ipBytes, ipBytes + UdpBytes);
        if (protocol == Tcp && packet.Length >= ipBytes + LeastTcpBytes) layout = new(isIPv4, true, ipBytes, ipBytes + (packet[ipBytes + 12] >> 4 << 2));
        return layout.HeaderBytes > 0 && packet.Length >= layout.HeaderBytes;
    }

    /// <summary>Whether a packet could be the next of the train: all that a train tells only once is the same.</summary>
    /// <param name="train">The headers of the train.</param>
    /// <param name="joined">Bytes of payload in it.</param>
    /// <param name="packet">The packet, of the same layout.</param>
    public bool Continues(ReadOnlySpan<byte> train, int joined, ReadOnlySpan<byte> packet)
    {
        var sameWay = IsIPv4
            ? train[..2].SequenceEqual(packet[..2]) && train[6..10].SequenceEqual(packet[6..10]) && train[12..IpBytes].SequenceEqual(packet[12..IpBytes])
            : train[..4].SequenceEqual(packet[..4]) && train[6..IpBytes].SequenceEqual(packet[6..IpBytes]);
        var one = train[IpBytes..HeaderBytes];
        var other = packet[IpBytes..HeaderBytes];
        if (!sameWay || !one[..4].SequenceEqual(other[..4])) return false;
        if (!IsTcp) return true;
        return BinaryPrimitives.ReadUInt32BigEndian(other[4..]) == BinaryPrimitives.ReadUInt32BigEndian(one[4..]) + (uint)joined
            && one[8..13].SequenceEqual(other[8..13]) && one[14..16].SequenceEqual(other[14..16]) && one[18..].SequenceEqual(other[18..])
            && one[13] == Acknowledge && (other[13] & ~Push) == Acknowledge;
    }

    /// <summary>Whether nothing may follow it in a train.</summary>
    public bool IsLast(ReadOnlySpan<byte> packet) => IsTcp && packet[IpBytes + 13] != Acknowledge;

    /// <summary>The train ends with this packet.</summary>
    public void AdoptEnd(Span<byte> train, ReadOnlySpan<byte> packet)
    {
        if (IsTcp) train[IpBytes + 13] |= packet[IpBytes + 13];
    }

    /// <summary>Makes the headers of a train those of one of its packets.</summary>
    /// <param name="packet">The headers.</param>
    /// <param name="number">How many packets of the train are before it.</param>
    /// <param name="offset">How many bytes.</param>
    /// <param name="isLast">Whether it is the last.</param>
    public void MakePart(Span<byte> packet, int number, int offset, bool isLast)
    {
        if (IsIPv4) Put(packet[4..], (ushort)(Word(packet[4..]) + number));
        if (!IsTcp) return;
        var tcp = packet[IpBytes..];
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]) + (uint)offset);
        if (!isLast) tcp[13] &= unchecked((byte)~(Finish | Push));
    }

    /// <summary>Writes how long the packet is into its headers, and into what the checksum holds of it so far.</summary>
    /// <param name="packet">The headers.</param>
    /// <param name="before">Bytes of payload that they tell of now.</param>
    /// <param name="payload">Bytes of payload that they shall tell of.</param>
    public void SetPayload(Span<byte> packet, int before, int payload)
    {
        var transport = packet[IpBytes..];
        var checksum = transport[(IsTcp ? 16 : 6)..];
        var length = (ushort)(HeaderBytes - IpBytes + payload);
        Put(checksum, Fold((uint)Word(checksum) + length + (ushort)~(HeaderBytes - IpBytes + before)));
        if (!IsTcp) Put(transport[4..], length);
        if (!IsIPv4)
        {
            Put(packet[4..], length);
            return;
        }

        Put(packet[2..], (ushort)(IpBytes + length));
        Put(packet[10..], 0);
        var sum = 0u;
        for (var i = 0; i < IpBytes; i += 2) sum += Word(packet[i..]);
        Put(packet[10..], (ushort)~Fold(sum));
    }

    private static ushort Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static void Put(Span<byte> bytes, ushort word) => BinaryPrimitives.WriteUInt16BigEndian(bytes, word);

    // One's complement addition (RFC 1071).
    private static ushort Fold(uint sum)
    {
        while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)sum;
    }
}
