using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.Tests.Stun;

/// <summary>Short words for what the tests of this folder send by hand.</summary>
internal static class Wire
{
    public static readonly Instant Start = new(7_000_000_123);

    public static UdpEndpoint Endpoint(string text) =>
        UdpEndpoint.TryParse(text, out var endpoint) ? endpoint : throw new ArgumentException(text);

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static Action<Span<byte>> RandomBytes(int seed)
    {
        var random = new Random(seed);
        return random.NextBytes;
    }

    /// <summary>Everything the machine wants to send now.</summary>
    public static List<(byte[] Bytes, UdpEndpoint To)> Drain(this IDatagramProtocol machine, Instant now)
    {
        var sent = new List<(byte[], UdpEndpoint)>();
        var buffer = new byte[1500];
        while (machine.TryTransmit(buffer, now, out var transmit)) sent.Add((buffer[..transmit.Length], transmit.Destination));
        Assert.True(machine.NextTimeout > now, "a drained machine has no deadline in the past");
        return sent;
    }

    public static TransactionId IdOf(byte[] datagram) => TransactionId.Read(datagram.AsSpan(8));

    /// <summary>An honest answer to a request.</summary>
    public static byte[] Answer(byte[] request, UdpEndpoint mapped, UdpEndpoint? other = null)
    {
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunMessage.BindingSuccess, IdOf(request));
        writer.WriteXorMappedAddress(mapped);
        if (other is { } endpoint) writer.WriteAddress(StunAttribute.OtherAddress, endpoint);
        return buffer[..writer.Length];
    }
}
