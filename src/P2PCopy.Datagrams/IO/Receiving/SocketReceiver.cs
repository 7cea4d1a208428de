using System.Net;
using System.Net.Sockets;

namespace P2PCopy.Datagrams.IO.Receiving;

/// <summary>The portable receiver, one datagram a call. An empty socket would make the framework throw, so it is asked first.</summary>
internal sealed class SocketReceiver(Socket socket) : IDatagramReceiver
{
    private readonly SocketAddress _address = SocketAddressExtensions.CreateEmpty(socket.AddressFamily);

    public void Receive(ReceiveBatch batch)
    {
        batch.Clear();
        try
        {
            // Asking for the bytes that wait would overlook an empty datagram, and it would lie there for ever.
            while (batch.Count < ReceiveBatch.Places && socket.Poll(0, SelectMode.SelectRead))
            {
                var length = socket.ReceiveFrom(batch.PlaceAt(batch.Count), SocketFlags.None, _address);
                batch.Add(new ReceiveBatch.Arrival(length, length, _address.ReadEndpoint()));
            }
        }
        catch (SocketException)
        {
            // An ICMP error of an earlier datagram: nothing arrived.
        }
    }
}
