namespace P2PCopy.Simulation;

/// <summary>
/// Datagrams to use again, so that a steady flow allocates nothing. It counts what is out: after a run everything must have come back.
/// For one thread.
/// </summary>
public sealed class DatagramPool
{
    private const int SmallBytes = 2048;
    private const int LargeBytes = 65536;

    private readonly Stack<SimDatagram> _small = new();
    private readonly Stack<SimDatagram> _large = new();

    /// <summary>Datagrams rented and not yet returned.</summary>
    public int Outstanding { get; private set; }

    /// <summary>A datagram with room for this many bytes, its other fields as they were left.</summary>
    public SimDatagram Rent(int capacity)
    {
        var small = capacity <= SmallBytes;
        Outstanding++;
        return (small ? _small : _large).TryPop(out var datagram) ? datagram : new SimDatagram(small ? SmallBytes : LargeBytes);
    }

    /// <summary>Takes a datagram back.</summary>
    public void Return(SimDatagram datagram)
    {
        Outstanding--;
        (datagram.Buffer.Length == SmallBytes ? _small : _large).Push(datagram);
    }
}
