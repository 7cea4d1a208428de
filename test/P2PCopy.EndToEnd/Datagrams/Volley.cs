using P2PCopy.Datagrams;

namespace P2PCopy.EndToEnd.Datagrams;

/// <summary>A machine that sends what it is given at once, and notes what it hears: the length of each datagram and its first byte.</summary>
internal sealed class Volley : IDatagramProtocol
{
    private readonly Queue<(Transmit Transmit, byte Content)> _waiting = new();
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _awaited;
    private int _count;

    /// <summary>The length that stands for a datagram with the bytes of two.</summary>
    public const int MixedUp = -1;

    /// <param name="awaited">How many datagrams will be heard.</param>
    public Volley(int awaited = 0)
    {
        _awaited = awaited;
        Heard = new(awaited);
        AllocatedWhenHeard = new(awaited);
        AllocatedWhenSent = new(1 << 16);
    }

    /// <summary>What was heard, in its order.</summary>
    public List<(int Length, byte Content, UdpEndpoint Remote)> Heard { get; }

    /// <summary>How many were heard; to be read on any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What the driver's thread had allocated by each of them, bytes.</summary>
    public List<long> AllocatedWhenHeard { get; }

    /// <summary>The same by each datagram that left.</summary>
    public List<long> AllocatedWhenSent { get; }

    /// <summary>Completes with the last datagram that was awaited.</summary>
    public Task Complete => _complete.Task;

    public Instant NextTimeout => _waiting.Count > 0 ? Instant.Zero : Instant.Never;

    public void Send(Transmit transmit, byte content) => _waiting.Enqueue((transmit, content));

    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => true;

    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        var content = datagram.IsEmpty ? (byte)0 : datagram[0];
        Heard.Add((datagram.ContainsAnyExcept(content) ? MixedUp : datagram.Length, content, remote));
        AllocatedWhenHeard.Add(GC.GetAllocatedBytesForCurrentThread());
        Volatile.Write(ref _count, Heard.Count);
        if (Heard.Count == _awaited) _complete.SetResult();
    }

    public void HandleTimeout(Instant now)
    {
        // Nothing is ever late.
    }

    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        var any = _waiting.TryDequeue(out var next);
        transmit = next.Transmit;
        buffer[..transmit.Length].Fill(next.Content);
        if (any) AllocatedWhenSent.Add(GC.GetAllocatedBytesForCurrentThread());
        return any;
    }
}
