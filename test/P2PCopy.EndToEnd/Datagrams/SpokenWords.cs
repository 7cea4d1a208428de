using System.Text;
using P2PCopy.Datagrams;

namespace P2PCopy.EndToEnd.Datagrams;

/// <summary>A machine that sends the words it is told, with the hops it is told, and says "heard" to whoever says anything.</summary>
internal sealed class SpokenWords : IDatagramProtocol
{
    private readonly Queue<(string Word, UdpEndpoint To, byte TimeToLive)> _words = new();

    public Instant NextTimeout => _words.Count > 0 ? Instant.Zero : Instant.Never;

    public void Say(string word, UdpEndpoint to, byte timeToLive = 0) => _words.Enqueue((word, to, timeToLive));

    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => true;

    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now) => Say($"heard {remote}", remote);

    public void HandleTimeout(Instant now)
    {
        // Nothing is ever late.
    }

    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (!_words.TryDequeue(out var next)) return false;
        transmit = new Transmit(Encoding.ASCII.GetBytes(next.Word, buffer), next.To, next.TimeToLive);
        return true;
    }
}
