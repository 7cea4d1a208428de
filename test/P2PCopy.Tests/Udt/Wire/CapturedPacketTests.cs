using System.Buffers.Binary;
using P2PCopy.Datagrams;
using P2PCopy.Tests.Vectors;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Wire;

/// <summary>Every packet that other implementations were seen to send is understood, and written again byte by byte.</summary>
public sealed class CapturedPacketTests
{
    public static TheoryData<string> Sessions => [.. VectorFile.Names];

    [Theory, MemberData(nameof(Sessions))]
    public void Every_captured_packet_is_read_and_written_back_as_it_was(string session)
    {
        foreach (var datagram in VectorFile.Load(session).Datagrams)
        {
            var bytes = datagram.Padded();
            if (bytes.Length == 1 || IsStun(bytes) || NatTraversal.Channel.Wire.DatagramHeader.TryRead(bytes, out _)) continue;
            var again = new byte[bytes.Length];
            Assert.True(PacketHeader.TryRead(bytes, out var header), Convert.ToHexString(datagram.Bytes));
            var length = header.IsControl ? Control(header.Type, bytes, again) : Echo<DataPacket>(bytes, again);
            Assert.Equal(bytes.Length, length);
            if (datagram.Truncated == 0) Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(again));
        }
    }

    [Fact]
    public void The_first_rendezvous_packet_of_the_reference_means_what_was_agreed()
    {
        var read = HandshakePacket.TryRead(Packet("rdv-cpp-cpp", 0), out var packet);
        Assert.True(read);
        Assert.Equal((0u, 4u, 1u, 0x05c1ddf1u), (packet.Destination, packet.Version, packet.SocketType, packet.InitialSequence.Value));
        Assert.Equal((1500u, 8192u, RequestType.Rendezvous), (packet.Mss, packet.FlowWindow, packet.Request));
        Assert.Equal((0x236fcb16u, 0u), (packet.SocketId, packet.Cookie));
        Assert.Equal("10.77.0.2:0", packet.Address.ToString());
    }

    [Fact]
    public void A_refusal_names_request_type_1002()
    {
        Assert.True(HandshakePacket.TryRead(Packet("cs-reject-1002", 3), out var packet));
        Assert.Equal((RequestType.Rejected, 0x70e8e16au), (packet.Request, packet.Cookie));
    }

    [Fact]
    public void An_agreement_has_version_type_cookie_and_address_zero()
    {
        Assert.True(HandshakePacket.TryRead(Packet("rdv-cpp-answer-minus2", 7), out var packet));
        Assert.Equal((RequestType.Agreement, 0u, 0u, 0u, 25600u), (packet.Request, packet.Version, packet.SocketType, packet.Cookie, packet.FlowWindow));
        Assert.Equal(UdpEndpoint.FromIPv4(0, 0), packet.Address);
    }

    [Fact]
    public void A_full_acknowledgement_tells_all_it_has()
    {
        Assert.True(AckPacket.TryRead(Packet("rdv-cpp-cpp", 16), out var ack));
        Assert.Equal((0x0f078092u, 1u, 0x726ce4f9u, false, true), (ack.Destination, ack.Number.Value, ack.NextExpected.Value, ack.IsLight, ack.HasRates));
        Assert.Equal((100_000u, 50_000u, 8191u, 2u, 1000u), (ack.RoundTripMicroseconds, ack.VarianceMicroseconds, ack.FreePackets, ack.ArrivalSpeed, ack.LinkCapacity));
    }

    [Fact]
    public void Light_acknowledgements_have_number_zero_and_stand_between_full_ones()
    {
        var kinds = new List<(bool IsLight, uint Number)>();
        foreach (var datagram in VectorFile.Load("light-ack-cpp").Datagrams)
            if (AckPacket.TryRead(datagram.Bytes, out var ack)) kinds.Add((ack.IsLight, ack.Number.Value));
        Assert.Contains(kinds, kind => kind.IsLight);
        Assert.Contains(kinds, kind => !kind.IsLight);
        Assert.All(kinds, kind => Assert.Equal(kind.IsLight, kind.Number == 0));
    }

    [Fact]
    public void A_loss_report_of_one_range_and_of_one_number()
    {
        Assert.Equal([(1799914394u, 1799914397u)], Losses("nak-range-cpp")[..1]);
        Assert.All(Losses("nak-single-cpp"), entry => Assert.Equal(entry.First, entry.Last));
        Assert.Equal([(1919739125u, 1919739125u)], Losses("rdv-cpp-cpp"));
    }

    [Fact]
    public void A_message_drop_and_a_peer_error()
    {
        var drops = new List<(uint, uint, uint)>();
        foreach (var datagram in VectorFile.Load("msgdrop-cpp").Datagrams)
            if (MessageDropPacket.TryRead(datagram.Bytes, out var drop)) drops.Add((drop.MessageNumber, drop.First.Value, drop.Last.Value));
        Assert.Contains((1u, 598809142u, 598809145u), drops);

        var errors = new List<uint>();
        foreach (var datagram in VectorFile.Load("error8-cpp").Datagrams)
            if (SignalPacket.TryRead(datagram.Bytes, out var signal) && signal.Type == ControlType.PeerError) errors.Add(signal.Info);
        Assert.Equal([4000u], errors);
    }

    [Fact]
    public void Addresses_have_each_group_of_four_bytes_reversed()
    {
        var four = Handshake(UdpEndpoint.FromIPv4(0x0a4d0001, 9000));
        Assert.Equal("01004D0A000000000000000000000000", Convert.ToHexString(four[48..]));

        Assert.True(UdpEndpoint.TryParse("[2001:db8:1:2:3:4:5:6]:9000", out var endpoint));
        var six = Handshake(endpoint);
        Assert.Equal("B80D0120020001000400030006000500", Convert.ToHexString(six[48..]));
        Assert.True(HandshakePacket.TryRead(six, out var packet));
        Assert.Equal(endpoint.WithPort(0), packet.Address);
    }

    private static byte[] Handshake(UdpEndpoint address)
    {
        var room = new byte[HandshakePacket.Length];
        new HandshakePacket { Address = address }.Write(room);
        return room;
    }

    private static List<(uint First, uint Last)> Losses(string session)
    {
        var found = new List<(uint, uint)>();
        foreach (var datagram in VectorFile.Load(session).Datagrams)
        {
            if (!NakPacket.TryRead(datagram.Bytes, out var nak)) continue;
            var list = nak.List;
            while (NakPacket.TryTake(ref list, out var first, out var last)) found.Add((first.Value, last.Value));
        }

        return found;
    }

    private static byte[] Packet(string session, int index) => VectorFile.Load(session).Datagrams[index].Bytes;

    private static bool IsStun(byte[] bytes) => bytes.Length >= 20 && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)) == 0x2112a442;

    private static int Control(ControlType type, byte[] bytes, byte[] again) => type switch
    {
        ControlType.Handshake => Echo<HandshakePacket>(bytes, again),
        ControlType.Ack => Echo<AckPacket>(bytes, again),
        ControlType.Nak => Echo<NakPacket>(bytes, again),
        ControlType.MessageDrop => Echo<MessageDropPacket>(bytes, again),
        _ => Echo<SignalPacket>(bytes, again),
    };

    private static int Echo<T>(byte[] bytes, byte[] again) where T : IWireFormat<T>, allows ref struct
    {
        Assert.True(T.TryRead(bytes, out var packet), Convert.ToHexString(bytes));
        return packet.Write(again);
    }
}
