using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Noise;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>A genuine first message of somebody else, what was answered to it, and the session that waits for the first sealed datagram.</summary>
internal sealed class ReceivedHello : IDisposable
{
    private readonly StaticKey _key;
    private readonly HandshakeOptions _options;
    private readonly byte[] _message;
    private readonly byte[] _seed = new byte[32];
    private readonly byte[] _commitment = new byte[SessionNonces.Length];
    private readonly byte[] _nonce = new byte[SessionNonces.Length];
    private readonly Capabilities _capabilities;
    private readonly uint _remoteIndex;
    private readonly ushort _largestDatagram;
    private readonly byte[] _answerPayload = new byte[AnswerPayload.Length];
    private NoiseHandshake? _handshake;
    private byte[] _answer = [];

    private ReceivedHello(StaticKey key, HandshakeOptions options, HandshakePacket packet, HelloPayload hello, ReadOnlySpan<byte> seed)
    {
        (_key, _options, Type) = (key, options, packet.Type);
        (_capabilities, _remoteIndex, _largestDatagram) = (hello.Capabilities, hello.LocalIndex, hello.LargestDatagram);
        _message = packet.Message.ToArray();
        hello.Commitment.CopyTo(_commitment);
        seed.CopyTo(_seed);
    }

    /// <summary><see cref="PacketType.Init"/> or <see cref="PacketType.HelloXX"/>.</summary>
    public PacketType Type { get; }

    /// <summary>Whose it is; in Noise XX known only when <see cref="Session"/> is.</summary>
    public PublicKey? RemoteKey { get; private set; }

    /// <summary>What its sender made for this attempt alone.</summary>
    public PublicKey Ephemeral => new(_message.AsSpan(0, PublicKey.Length));

    /// <summary>The receiver index of what follows.</summary>
    public uint LocalIndex { get; private set; }

    /// <summary>When the newest copy came.</summary>
    public Instant LastHeard { get; set; }

    /// <summary>Whether copies are answered.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The session, while it waits for its first sealed datagram and afterwards.</summary>
    public PeerSession? Session { get; private set; }

    /// <summary>Whether the session has begun: it is not this object's any more.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Opens a first message: two Diffie-Hellman operations. <see langword="null"/> when it is not genuine.</summary>
    public static ReceivedHello? TryOpen(HandshakePacket packet, StaticKey key, HandshakeOptions options, IRandomBytes random)
    {
        Span<byte> seed = stackalloc byte[32];
        Span<byte> payload = stackalloc byte[HelloPayload.PaddedLength];
        random.Fill(seed);
        var handshake = Begin(packet.Type, key, seed);
        if (handshake.TryReadMessage(packet.Message, payload, out var length) && HelloPayload.TryRead(payload[..length], out var hello))
        {
            return new ReceivedHello(key, options, packet, hello, seed)
            {
                _handshake = handshake,
                RemoteKey = packet.Type == PacketType.Init ? handshake.RemoteStatic : null,
            };
        }

        handshake.Dispose();
        return null;
    }

    /// <summary>Whether this is the message of another datagram, too.</summary>
    public bool IsCopy(HandshakePacket packet) => packet.Type == Type && packet.Message.SequenceEqual(_message);

    /// <summary>Makes the answer, and in Noise IK the session: three more operations.</summary>
    public void Answer(UdpEndpoint remote, uint localIndex, IRandomBytes random, Instant now)
    {
        LocalIndex = localIndex;
        random.Fill(_nonce);
        new AnswerPayload
        {
            Capabilities = _options.Capabilities,
            LocalIndex = localIndex,
            Nonce = _nonce,
            Observed = remote,
            LargestDatagram = _options.LargestDatagram,
        }.Write(_answerPayload);
        Span<byte> message = stackalloc byte[HandshakePacket.MaxLength];
        _answer = message[.._handshake!.WriteMessage(_answerPayload, message)].ToArray();
        IsAnswered = true;
        if (Type == PacketType.Init) Session = MakeSession(_handshake, remote, random, now);
        Settle();
    }

    /// <summary>Wipes what an answer would have needed: nothing more will be written.</summary>
    public void Settle()
    {
        _handshake?.Dispose();
        _handshake = null;
    }

    /// <summary>Writes the answer to a copy: the same message each time.</summary>
    // PROTOCOL HSK-5.
    public int WriteAnswer(ulong attemptId, Span<byte> datagram)
    {
        var packet = new HandshakePacket
        {
            Type = Type == PacketType.Init ? PacketType.Response : PacketType.ResponseXX,
            AttemptId = attemptId,
            ReceiverIndex = _remoteIndex,
            Message = _answer,
        };
        return (Type == PacketType.Init ? HandshakeMac.To(RemoteKey!.Value) : HandshakeMac.Bare).Write(packet, datagram);
    }

    /// <summary>
    /// Reads the third message of Noise XX. The handshake is made anew from its seed, so a forged message spoils nothing.
    /// <see langword="false"/> when it is not genuine.
    /// </summary>
    public bool TryFinish(HandshakePacket packet, UdpEndpoint remote, IRandomBytes random, Instant now)
    {
        Span<byte> scratch = stackalloc byte[HandshakePacket.MaxLength];
        using var handshake = Begin(Type, _key, _seed);
        if (!handshake.TryReadMessage(_message, scratch, out _)) return false;
        handshake.WriteMessage(_answerPayload, scratch);
        if (!handshake.TryReadMessage(packet.Message, scratch, out var length)) return false;
        if (!FinishPayload.TryRead(scratch[..length], out var finish)) return false;

        // PROTOCOL HSK-14: what stood in the hello in clear is said again under a key, and the nonce must be the one promised.
        Span<byte> commitment = stackalloc byte[SessionNonces.Length];
        KeySchedule.Commit(finish.Nonce, commitment);
        if (finish.Capabilities != _capabilities || !commitment.SequenceEqual(_commitment)) return false;
        RemoteKey = handshake.RemoteStatic;
        Session = MakeSession(handshake, remote, random, now);
        return true;
    }

    /// <summary>The session begins and is its new owner's.</summary>
    public PeerSession Release(PeerTrust trust)
    {
        (HasBegun, IsAnswered) = (true, false);
        Session!.Trust = trust;
        return Session;
    }

    /// <summary>Wipes all secrets, and the session unless it has begun.</summary>
    public void Dispose()
    {
        Settle();
        CryptographicOperations.ZeroMemory(_seed);
        if (!HasBegun) Session?.Dispose();
    }

    private static NoiseHandshake Begin(PacketType type, StaticKey key, ReadOnlySpan<byte> seed) => type == PacketType.Init
        ? new NoiseHandshake(NoisePattern.IK, isInitiator: false, HandshakePrologue.IK, key, null, seed)
        : new NoiseHandshake(NoisePattern.XX, isInitiator: false, HandshakePrologue.XX, key, null, seed);

    private PeerSession MakeSession(NoiseHandshake handshake, UdpEndpoint remote, IRandomBytes random, Instant now)
    {
        var terms = new SessionTerms(
            IsInitiator: false,
            handshake.RemoteStatic,
            _options.Capabilities,
            _capabilities,
            LocalIndex,
            _remoteIndex,
            SessionTerms.Agree(_options.LargestDatagram, _largestDatagram),
            remote,
            Observed: null);
        return new PeerSession(terms, handshake, SessionNonces.OfResponder(_commitment, _nonce), default, random, now);
    }
}
