using System.Buffers.Binary;
using System.Net.Sockets;

namespace P2PCopy.Datagrams.IO.Sending;

/// <summary>
/// UDP segmentation offload of Windows (UDP_SEND_MSG_SIZE, since version 2004): the size stands on the socket and cuts everything that
/// is longer, so it is taken off before a longer datagram leaves. Where it cannot be set, each datagram leaves by itself.
/// </summary>
internal sealed class WindowsSender(Socket socket) : IDatagramSender
{
    private const int UdpLevel = 17;
    private const int SendMessageSize = 2;

    private readonly SocketSender _single = new(socket);
    private readonly byte[] _value = new byte[sizeof(int)];
    private int _size;

    /// <summary>Whether trains leave in one call; false for good after the system could not do it.</summary>
    public bool Segments { get; private set; } = true;

    public int Send(ReadOnlySpan<byte> train, int datagramBytes, UdpEndpoint destination)
    {
        if (train.Length <= datagramBytes)
        {
            if (_size > 0 && train.Length > _size) SetSize(0);
            return _single.Send(train, datagramBytes, destination);
        }

        if (Segments && (_size == datagramBytes || SetSize(datagramBytes)))
        {
            // To the socket the whole train is one message.
            if (_single.Send(train, train.Length, destination) == 0) return 0;
            SetSize(0);
        }

        return _single.Send(train, datagramBytes, destination);
    }

    private bool SetSize(int size)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_value, size);
        try
        {
            socket.SetRawSocketOption(UdpLevel, SendMessageSize, _value);
            _size = size;
        }
        catch (SocketException)
        {
            Segments = false;
        }

        return Segments;
    }
}
