using System.Buffers.Binary;
using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt;

/// <summary>Packets of a peer that a test plays by hand.</summary>
/// <param name="ourId">The socket id of the machine under test, where they go.</param>
/// <param name="peerId">The peer's own id.</param>
/// <param name="peerInitial">The number of the peer's first packet.</param>
internal sealed class PeerPackets(uint ourId, uint peerId = 0x1234, uint peerInitial = 5000)
{
    public uint Id => peerId;

    public byte[] Handshake(RequestType request, bool toZero = false, uint mss = 1500, uint window = 8192, uint? id = null, uint? isn = null, uint cookie = 0) =>
        Write(new HandshakePacket
        {
            Destination = toZero ? 0 : ourId,
            Version = HandshakePacket.CurrentVersion,
            SocketType = 1,
            InitialSequence = new SequenceNumber(isn ?? peerInitial),
            Mss = mss,
            FlowWindow = window,
            Request = request,
            SocketId = id ?? peerId,
            Cookie = cookie,
            Address = UdpEndpoint.FromIPv4(0x0a000001, 0),
        });

    /// <summary>The n-th data packet of the peer.</summary>
    public byte[] Data(long index, ReadOnlySpan<byte> payload, uint? message = null) => Write(new DataPacket
    {
        Sequence = new SequenceNumber(peerInitial) + index,
        Message = new MessageWord(message ?? (uint)(index + 1), true, true),
        Destination = ourId,
        Payload = payload,
    });

    public byte[] LightAck(SequenceNumber next) => Write(new AckPacket { Destination = ourId, NextExpected = next, IsLight = true });

    public byte[] Ack(uint number, SequenceNumber next, uint free = 8192) => Write(new AckPacket
    {
        Destination = ourId,
        Number = new SequenceNumber(number),
        NextExpected = next,
        RoundTripMicroseconds = 1000,
        VarianceMicroseconds = 100,
        FreePackets = free,
    });

    public byte[] Nak(params (SequenceNumber First, SequenceNumber Last)[] entries)
    {
        var list = new byte[entries.Length * 8];
        var length = 0;
        foreach (var (first, last) in entries) length += NakPacket.Append(list.AsSpan(length), first, last);
        return Write(new NakPacket { Destination = ourId, List = list.AsSpan(0, length) });
    }

    public byte[] Drop(uint message, SequenceNumber first, SequenceNumber last) =>
        Write(new MessageDropPacket { Destination = ourId, MessageNumber = message, First = first, Last = last });

    public byte[] Signal(ControlType type, uint info = 0) => Write(new SignalPacket { Type = type, Info = info, Destination = ourId });

    /// <summary>A control packet of any type with any body.</summary>
    public byte[] Control(ushort type, params byte[] body)
    {
        byte[] packet = [.. new byte[16], .. body];
        BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)(0x8000 | type));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), ourId);
        return packet;
    }

    public static byte[] Write<T>(T packet) where T : IWireFormat<T>, allows ref struct
    {
        var room = new byte[2048];
        return room[..packet.Write(room)];
    }
}
