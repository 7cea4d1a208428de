namespace P2PCopy.Datagrams.IO.Receiving;

/// <summary>Takes datagrams off the socket, one at a time and without waiting.</summary>
internal interface IDatagramReceiver
{
    /// <summary>Takes the next datagram, if one is there.</summary>
    /// <param name="buffer">Takes its bytes; what does not fit is lost.</param>
    /// <param name="length">Bytes of it.</param>
    /// <param name="remote">Who sent it.</param>
    /// <returns>False when there is none, or instead of one the error that an earlier datagram met.</returns>
    bool TryReceive(Span<byte> buffer, out int length, out UdpEndpoint remote);
}
