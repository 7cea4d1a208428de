using P2PCopy.Datagrams;
using P2PCopy.Udt;

namespace P2PCopy.Simulation.Transfers;

/// <summary>
/// An application on a simulated host: writes a pattern that is a function of the position, and checks what it reads against the
/// other side's. Closes when it has written all and read all.
/// </summary>
public sealed class UdtPeer
{
    private const int ReadBytes = 32 << 10;
    private static readonly byte[] Rows = [.. Enumerable.Range(0, 512).Select(static value => (byte)value)];
    private readonly SimNetwork _network;
    private readonly byte[] _buffer = new byte[ReadBytes];
    private readonly byte _key;
    private readonly byte _peerKey;
    private bool _closed;
    private bool _waits;

    /// <param name="network">The network.</param>
    /// <param name="host">Where it runs.</param>
    /// <param name="port">Its UDP port.</param>
    /// <param name="options">What its connections are like.</param>
    /// <param name="key">Tells its bytes from those of others.</param>
    /// <param name="peerKey">The key of whom it reads from.</param>
    /// <param name="peerMss">The MSS of its peer: no datagram may be longer than both allow.</param>
    public UdtPeer(SimNetwork network, SimHost host, ushort port, UdtOptions options, byte key, byte peerKey, int peerMss = 1500)
    {
        _network = network;
        _key = key;
        _peerKey = peerKey;
        Options = options;
        var random = network.RandomFor($"udt-{host.Name}-{port}");
        Endpoint = new UdtEndpoint(options, () => (uint)random.NextUInt64(), network.Now);
        var longest = Math.Min(options.Mss, peerMss) - UdtOptions.HeaderBytes + UdtOptions.UdtHeaderBytes;
        Socket = host.Bind(port, new CheckedEndpoint(Endpoint, longest, what => network.Fail($"{host.Name}: {what}")), Step);
    }

    public UdtOptions Options { get; }

    public UdtEndpoint Endpoint { get; }

    public SimSocket Socket { get; }

    public UdtConnection? Connection { get; set; }

    /// <summary>Bytes to write.</summary>
    public long ToWrite { get; init; }

    /// <summary>Bytes expected from the peer.</summary>
    public long ToRead { get; init; }

    /// <summary>Bytes of one write, or as many as fit when 0.</summary>
    public int WriteSize { get; init; }

    /// <summary>Whether the application looks away, so that what arrives fills the receive buffer.</summary>
    public bool IsAsleep { get; set; }

    public long Written { get; private set; }

    public long Read { get; private set; }

    public bool IsDone => Read == ToRead && Connection is { } c && Written == ToWrite && c.IsDrained;

    /// <summary>Two that meet as soon as the network runs, one of which sends all that the other reads.</summary>
    public static (UdtPeer From, UdtPeer To) Meet(SimNetwork network, SimHost left, SimHost right, UdtOptions sends, UdtOptions receives, long bytes)
    {
        var from = new UdtPeer(network, left, 5000, sends, 1, 2, receives.Mss) { ToWrite = bytes };
        var to = new UdtPeer(network, right, 5000, receives, 2, 1, sends.Mss) { ToRead = bytes };
        from.Socket.Command(_ => from.Rendezvous(to.Socket.Local));
        to.Socket.Command(_ => to.Rendezvous(from.Socket.Local));
        return (from, to);
    }

    public UdtPeer Rendezvous(UdpEndpoint remote)
    {
        Connection = Endpoint.Rendezvous(remote, _network.Now);
        return this;
    }

    public UdtPeer Connect(UdpEndpoint remote)
    {
        Connection = Endpoint.Connect(remote, _network.Now);
        return this;
    }

    /// <summary>What must always be true of a connection, as a sentence when it is not.</summary>
    public string? Breach()
    {
        if (Connection is not { Sender: { } sender, Receiver: { } receiver }) return null;
        var waiting = receiver.Newest - receiver.NextExpected;
        if (sender.InFlight < 0 || sender.InFlight > sender.Buffer.Capacity) return $"{sender.InFlight} packets in flight";
        if (sender.NextNew > sender.Buffer.Tail) return "a packet was sent that was not written";
        if (waiting < 0 || receiver.Newest - receiver.Buffer.ReadIndex > receiver.Buffer.Capacity) return $"{waiting} packets wait for others";
        if (receiver.Missing > waiting || (waiting > 0 && receiver.Missing == 0)) return $"{receiver.Missing} packets missing before {waiting}";
        return null;
    }

    private void Step(Instant now)
    {
        if (Connection is null && Endpoint.TryAccept(out var accepted)) Connection = accepted;
        if (Connection is not { } connection) return;
        if (!IsAsleep) ReadAll(connection, now);
        WriteAll(connection);

        // UDT knows no half-close: who only reads leaves the end to the writer.
        if (_closed || ToWrite == 0 || !IsDone) return;
        _closed = true;
        connection.Close(now);
    }

    private void ReadAll(UdtConnection connection, Instant now)
    {
        while (connection.Read(_buffer, now) is > 0 and var count)
        {
            if (FirstWrong(_peerKey, Read, _buffer.AsSpan(0, count)) is >= 0 and var wrong)
                throw _network.Fail($"byte {Read + wrong} arrived wrong at {Socket.Local}");
            Read += count;
            if (Read > ToRead) throw _network.Fail($"{Read} bytes arrived of {ToRead}");
        }
    }

    private void WriteAll(UdtConnection connection)
    {
        // Who found the buffer full is woken for a good piece of room, as by UdtStream.
        if (_waits && !connection.IsWorthWriting) return;
        _waits = false;
        while (Written < ToWrite)
        {
            var room = connection.LendWritable();
            _waits = room.IsEmpty && connection.State == UdtState.Connected;
            if (room.IsEmpty) return;
            var count = (int)Math.Min(Math.Min(room.Length, WriteSize == 0 ? 256 << 10 : WriteSize), ToWrite - Written);
            Fill(_key, Written, room.Span[..count]);
            connection.CommitWritten(count);
            Written += count;
        }
    }

    // Byte n is the key and the three lowest bytes of n, added up. Within 256 bytes it counts up, so whole rows come out of one table.
    private static void Fill(byte key, long position, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var row = Row(key, position, bytes.Length);
            row.CopyTo(bytes);
            bytes = bytes[row.Length..];
            position += row.Length;
        }
    }

    private static int FirstWrong(byte key, long position, ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var row = Row(key, position + at, bytes.Length - at);
            var same = row.CommonPrefixLength(bytes[at..]);
            at += same;
            if (same < row.Length) return at;
        }

        return -1;
    }

    private static ReadOnlySpan<byte> Row(byte key, long position, int most)
    {
        var inRow = (int)(position & 255);
        var first = (int)((key + inRow + (position >> 8) + (position >> 16)) & 255);
        return Rows.AsSpan(first, Math.Min(256 - inRow, most));
    }
}
