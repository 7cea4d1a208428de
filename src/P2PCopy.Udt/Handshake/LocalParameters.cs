using P2PCopy.Datagrams;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Handshake;

/// <summary>What this side says about itself in every handshake of a connection.</summary>
/// <param name="SocketId">Our socket id.</param>
/// <param name="InitialSequence">The number of our first packet.</param>
/// <param name="Mss">The largest packet we take, in UDT's count.</param>
/// <param name="FlowWindow">Packets we have room for.</param>
/// <param name="SocketType">The kind of socket we name.</param>
/// <param name="DeliveryReports">Whether a rendezvous offers delivery reports.</param>
internal readonly record struct LocalParameters(
    uint SocketId, SequenceNumber InitialSequence, int Mss, int FlowWindow, UdtSocketType SocketType, bool DeliveryReports = false)
{
    /// <summary>Whether both write and read delivery reports. PROTOCOL UDT-24.</summary>
    public bool AgreesOnReports(in PeerParameters peer) => DeliveryReports && peer.DeliveryReports;

    /// <summary>Writes a handshake of a rendezvous.</summary>
    public int WriteRendezvous(Span<byte> buffer, RequestType request, uint destination, UdpEndpoint address) =>
        Write(buffer, request, destination, ExtensionWord.Of(DeliveryReports), address);

    /// <summary>Writes a handshake.</summary>
    public int Write(Span<byte> buffer, RequestType request, uint destination, uint cookie, UdpEndpoint address) => new HandshakePacket
    {
        Destination = destination,
        Version = HandshakePacket.CurrentVersion,
        SocketType = (uint)SocketType,
        InitialSequence = InitialSequence,
        Mss = (uint)Mss,
        FlowWindow = (uint)FlowWindow,
        Request = request,
        SocketId = SocketId,
        Cookie = cookie,
        Address = address,
    }.Write(buffer);
}
