using System.Net;
using System.Net.Sockets;

namespace P2PCopy.Datagrams.IO.Waiting;

/// <summary>
/// The portable waiter: select over the socket and a loopback socket that a wake-up writes to. Its clock has whole milliseconds.
/// </summary>
internal sealed class SelectWaiter : ISocketWaiter
{
    private readonly Socket _socket;
    private readonly Socket _wake;
    private readonly List<Socket> _readable = [];
    private readonly byte[] _drain = new byte[16];

    public SelectWaiter(Socket socket)
    {
        _socket = socket;
        _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        // Connected to itself: nobody else can wake us.
        _wake.Connect(_wake.LocalEndPoint!);
    }

    public bool WaitReadable(TimeSpan timeout)
    {
        _readable.Clear();
        _readable.Add(_socket);
        _readable.Add(_wake);
        Socket.Select(_readable, null, null, timeout == Timeout.InfiniteTimeSpan ? -1 : RoundUp(timeout));
        if (_readable.Contains(_wake)) _wake.Receive(_drain);
        return _readable.Contains(_socket);
    }

    public void Wake()
    {
        try
        {
            _wake.Send(_drain.AsSpan(0, 1));
        }
        catch (ObjectDisposedException)
        {
            // The driver has ended; nobody is left to wake.
        }
    }

    public void Dispose() => _wake.Dispose();

    // Below one millisecond the call does not sleep at all, and a loop around it would spin.
    private static int RoundUp(TimeSpan timeout) =>
        timeout <= TimeSpan.Zero ? 0 : (int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), 1_000_000) * 1000;
}
