using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Noise;

namespace P2PCopy.Tests.Channel.Noise;

/// <summary>Both sides of one handshake with fixed keys.</summary>
internal sealed class NoisePair : IDisposable
{
    private readonly StaticKey _initiatorKey = StaticKey.FromSeed(Seed(1));
    private readonly StaticKey _responderKey = StaticKey.FromSeed(Seed(2));

    public NoisePair(string patternName, string initiatorPrologue = "p", string responderPrologue = "p", PublicKey? expected = null)
    {
        var pattern = Pattern(patternName);
        var remote = pattern == NoisePattern.IK ? expected ?? _responderKey.Public : (PublicKey?)null;
        Initiator = new NoiseHandshake(pattern, true, System.Text.Encoding.ASCII.GetBytes(initiatorPrologue), _initiatorKey, remote, Seed(3));
        Responder = new NoiseHandshake(pattern, false, System.Text.Encoding.ASCII.GetBytes(responderPrologue), _responderKey, null, Seed(4));
    }

    public NoiseHandshake Initiator { get; }

    public NoiseHandshake Responder { get; }

    public PublicKey InitiatorKey => _initiatorKey.Public;

    public PublicKey ResponderKey => _responderKey.Public;

    public static NoisePattern Pattern(string name) => Enum.Parse<NoisePattern>(name);

    public static int Messages(string pattern) => NoiseMessages.Of(Pattern(pattern)).Length;

    public static byte[] Seed(byte value) => Enumerable.Repeat(value, 32).ToArray();

    /// <summary>Writes and reads the first messages, each with its number as payload.</summary>
    public void Exchange(int messages)
    {
        for (byte i = 0; i < messages; i++) Assert.Equal([i], Read(i, Write(i, [i])) ?? []);
    }

    public byte[] Write(int message, byte[] payload)
    {
        var bytes = new byte[payload.Length + 96];
        return bytes[..Writer(message).WriteMessage(payload, bytes)];
    }

    /// <summary>The payload, or <see langword="null"/> when the message was refused.</summary>
    public byte[]? Read(int message, ReadOnlySpan<byte> bytes)
    {
        var payload = new byte[bytes.Length];
        return Reader(message).TryReadMessage(bytes, payload, out var length) ? payload[..length] : null;
    }

    public NoiseHandshake Writer(int message) => message % 2 == 0 ? Initiator : Responder;

    public NoiseHandshake Reader(int message) => message % 2 == 0 ? Responder : Initiator;

    public void Dispose()
    {
        Initiator.Dispose();
        Responder.Dispose();
        _initiatorKey.Dispose();
        _responderKey.Dispose();
    }
}
