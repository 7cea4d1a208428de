using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using P2PCopy.EndToEnd.Lab;

namespace P2PCopy.Bench;

/// <summary>
/// Somebody who talks over the same link: small datagrams there and back, fifty a second, as a call has them. How long they take is
/// what others feel of a copy.
/// </summary>
internal sealed class Pinger : IDisposable
{
    private const int Port = 5300;
    private const int DatagramBytes = 172;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly Socket _asking;
    private readonly Socket _answering;
    private readonly ConcurrentQueue<(TimeSpan At, double Milliseconds)> _roundTrips = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private volatile bool _isOver;

    /// <summary>Begins to talk.</summary>
    public Pinger(LabNamespace left, LabNamespace right)
    {
        _answering = right.OpenUdp(new IPEndPoint(IPAddress.Parse(Trial.RightAddress), Port));
        _asking = left.OpenUdp(new IPEndPoint(IPAddress.Parse(Trial.LeftAddress), Port));
        _asking.Connect(IPAddress.Parse(Trial.RightAddress), Port);
        foreach (var loop in (Action[])[Answer, Ask, Listen]) new Thread(() => UntilClosed(loop)) { IsBackground = true }.Start();
    }

    /// <summary>The time of this pinger.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>Median and what 95 % are below, ms, of those that were answered within a stretch of time.</summary>
    public (double Median, double High) Between(TimeSpan from, TimeSpan to)
    {
        var sorted = _roundTrips.Where(trip => trip.At >= from && trip.At <= to).Select(trip => trip.Milliseconds).Order().ToArray();
        return sorted.Length == 0 ? (double.NaN, double.NaN) : (sorted[sorted.Length / 2], sorted[sorted.Length * 95 / 100]);
    }

    public void Dispose()
    {
        _isOver = true;
        _asking.Dispose();
        _answering.Dispose();
    }

    private void Ask()
    {
        var datagram = new byte[DatagramBytes];
        for (; !_isOver; Thread.Sleep(Interval))
        {
            BitConverter.TryWriteBytes(datagram, _clock.ElapsedTicks);
            _asking.Send(datagram);
        }
    }

    private void Answer()
    {
        var datagram = new byte[DatagramBytes];
        for (EndPoint from = new IPEndPoint(IPAddress.Any, 0); !_isOver;) _answering.SendTo(datagram.AsSpan(0, _answering.ReceiveFrom(datagram, ref from)), from);
    }

    private void Listen()
    {
        for (var datagram = new byte[DatagramBytes]; !_isOver;)
        {
            _asking.Receive(datagram);
            _roundTrips.Enqueue((Now, (_clock.ElapsedTicks - BitConverter.ToInt64(datagram)) * 1000.0 / Stopwatch.Frequency));
        }
    }

    private void UntilClosed(Action loop)
    {
        try
        {
            loop();
        }
        catch (Exception error) when (_isOver && error is SocketException or ObjectDisposedException)
        {
            // That is the end.
        }
    }
}
