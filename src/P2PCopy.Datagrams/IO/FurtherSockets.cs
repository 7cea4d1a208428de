using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using P2PCopy.Datagrams.IO.Receiving;

namespace P2PCopy.Datagrams.IO;

/// <summary>
/// The sockets of a driver beside its main one: up to some hundreds for seconds, as a rule none. They have a thread of their own that
/// lives as long as one of them is open, so that the loop around the main socket is as if there were none.
/// </summary>
internal sealed class FurtherSockets : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, UdpPort> _open = [];
    private readonly Socket _main;
    private readonly Action<ReceiveBatch, ushort> _deliver;
    private readonly byte[] _drain = new byte[16];
    private SocketNeeds _needs;
    private Socket? _wake;
    private bool _disposed;

    /// <summary>No socket yet.</summary>
    /// <param name="main">Whose family and address they have.</param>
    /// <param name="deliver">Takes what comes, with the number of the socket, on the thread of these sockets.</param>
    public FurtherSockets(Socket main, Action<ReceiveBatch, ushort> deliver) => (_main, _deliver) = (main, deliver);

    /// <summary>Closes what is not needed any more.</summary>
    public void Need(SocketNeeds needs)
    {
        lock (_gate)
        {
            if (needs == _needs) return;
            _needs = needs;
            foreach (var via in _open.Keys.Where(via => !needs.Include(via)).ToArray())
            {
                _open.Remove(via, out var port);
                Close(port!);
            }

            Wake();
        }
    }

    /// <summary>Sends a train by the socket that it names, which is opened if that has not been done.</summary>
    /// <returns>How many of its datagrams did not leave. They are lost, as any datagram may be.</returns>
    public int Send(ReadOnlySpan<byte> train, in Transmit first)
    {
        lock (_gate)
        {
            var via = first.Destination.Via;
            if (!_disposed && _needs.Include(via) && (_open.TryGetValue(via, out var port) || TryOpen(via, out port))) return port.Send(train, first);
        }

        return (train.Length + first.Length - 1) / first.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate) _disposed = true;
        Need(default);
    }

    private bool TryOpen(ushort via, [NotNullWhen(true)] out UdpPort? port)
    {
        port = null;
        try
        {
            var both = _main.AddressFamily == AddressFamily.InterNetworkV6 && _main.DualMode;
            port = UdpPort.Open(UdpSocket.Open(new IPEndPoint(((IPEndPoint)_main.LocalEndPoint!).Address, 0), both));
        }
        catch (SocketException)
        {
            // No more sockets can be had: fewer have to do.
            return false;
        }

        _open[via] = port;
        if (_wake is null) Start();
        else Wake();
        return true;
    }

    private static void Close(UdpPort port)
    {
        port.Dispose();
        port.Socket.Dispose();
    }

    private void Start()
    {
        // Connected to itself: nobody else can wake us.
        _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
        new Thread(Run) { IsBackground = true, Name = "p2pcopy udp, further sockets" }.Start(_wake);
    }

    private void Wake() => _wake?.Send([0]);

    private void Run(object? state)
    {
        var wake = (Socket)state!;
        var readable = new List<Socket>();
        var batch = new ReceiveBatch();
        while (TryList(wake, readable, out var numbers))
        {
            try
            {
                Socket.Select(readable, null, null, -1);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // One was closed meanwhile.
                continue;
            }

            foreach (var ready in readable)
            {
                if (ready == wake) wake.Receive(_drain);
                else if (Receive(numbers[ready], batch)) _deliver(batch, numbers[ready]);
            }
        }
    }

    // False when there is none left; then the thread ends.
    private bool TryList(Socket wake, List<Socket> readable, out Dictionary<Socket, ushort> numbers)
    {
        lock (_gate)
        {
            numbers = _open.ToDictionary(entry => entry.Value.Socket, entry => entry.Key);
            readable.Clear();
            readable.Add(wake);
            readable.AddRange(numbers.Keys);
            if (numbers.Count > 0) return true;
            _wake = null;
            wake.Dispose();
            return false;
        }
    }

    // Within the lock, so that nobody closes what is read from; what is read is delivered outside of it.
    private bool Receive(ushort via, ReceiveBatch batch)
    {
        lock (_gate)
        {
            batch.Clear();
            if (_open.TryGetValue(via, out var port)) port.Receiver.Receive(batch);
            return batch.Count > 0;
        }
    }
}
