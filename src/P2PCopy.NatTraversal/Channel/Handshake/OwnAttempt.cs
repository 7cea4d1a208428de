using System.Buffers.Binary;
using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Noise;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>
/// A handshake that this side begins: one first message, the same bytes in every copy. An answer is read by a handshake that is made
/// anew from the same seed each time, so a forged answer spoils nothing.
/// </summary>
internal sealed class OwnAttempt : IDisposable
{
    private readonly StaticKey _key;
    private readonly PublicKey? _peer;
    private readonly HandshakeOptions _options;
    private readonly byte[] _seed = new byte[32];
    private readonly byte[] _nonce = new byte[SessionNonces.Length];
    private readonly byte[] _payload;
    private readonly byte[] _datagram;

    /// <summary>A new attempt.</summary>
    /// <param name="key">This side's key.</param>
    /// <param name="peer">The key of a ticket for Noise IK; <see langword="null"/> for Noise XX.</param>
    /// <param name="options">What to tell.</param>
    /// <param name="random">For the seed, the nonce, the attempt's id and the index.</param>
    /// <param name="localIndex">The receiver index of answers.</param>
    public OwnAttempt(StaticKey key, PublicKey? peer, HandshakeOptions options, IRandomBytes random, uint localIndex)
    {
        (_key, _peer, _options, LocalIndex) = (key, peer, options, localIndex);
        Span<byte> id = stackalloc byte[8];
        random.Fill(_seed);
        random.Fill(_nonce);
        random.Fill(id);
        Id = BinaryPrimitives.ReadUInt64BigEndian(id);
        _payload = WritePayload();
        Span<byte> message = stackalloc byte[HandshakePacket.MaxLength - HandshakePacket.Overhead];
        using var handshake = Begin(message, out var length);
        Ephemeral = new PublicKey(message[..PublicKey.Length]);
        var packet = new HandshakePacket
        {
            Type = peer is null ? PacketType.HelloXX : PacketType.Init,
            AttemptId = Id,
            ReceiverIndex = peer is { } known ? KeySchedule.InitIndex(known) : HandshakeIndex.Bare,
            Message = message[..length],
        };
        _datagram = new byte[length + HandshakePacket.Overhead];
        (peer is { } receiver ? HandshakeMac.To(receiver) : HandshakeMac.Bare).Write(packet, _datagram);
    }

    /// <summary>Which answer belongs to it.</summary>
    public PacketType AnswerType => _peer is null ? PacketType.ResponseXX : PacketType.Response;

    /// <summary>The same in all datagrams of the attempt.</summary>
    public ulong Id { get; }

    /// <summary>The receiver index of answers, and of the session that comes of it.</summary>
    public uint LocalIndex { get; }

    /// <summary>The public half of what was made for this attempt alone.</summary>
    public PublicKey Ephemeral { get; }

    /// <summary>The datagram with the first message.</summary>
    public ReadOnlySpan<byte> Datagram => _datagram;

    /// <summary>Whether an answer names this attempt; says nothing about whether it is genuine.</summary>
    public bool IsNamedBy(HandshakePacket packet) =>
        packet.Type == AnswerType && packet.AttemptId == Id && packet.ReceiverIndex == LocalIndex;

    /// <summary>The session that a genuine answer makes, or <see langword="null"/>.</summary>
    public PeerSession? TryFinish(HandshakePacket packet, UdpEndpoint remote, IRandomBytes random, Instant now)
    {
        Span<byte> message = stackalloc byte[HandshakePacket.MaxLength];
        Span<byte> payload = stackalloc byte[AnswerPayload.Length];
        using var handshake = Begin(message, out _);
        if (!handshake.TryReadMessage(packet.Message, payload, out var length)) return null;
        if (!AnswerPayload.TryRead(payload[..length], out var answer) || handshake.RemoteStatic == _key.Public) return null;

        var finish = _peer is null ? WriteFinish(handshake, answer.LocalIndex) : [];
        var terms = new SessionTerms(
            IsInitiator: true,
            handshake.RemoteStatic,
            _options.Capabilities,
            answer.Capabilities,
            LocalIndex,
            answer.LocalIndex,
            SessionTerms.Agree(_options.LargestDatagram, answer.LargestDatagram),
            remote,
            answer.Observed);
        return new PeerSession(terms, handshake, SessionNonces.OfInitiator(_nonce, answer.Nonce), finish, random, now);
    }

    /// <summary>Wipes the secrets.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_seed);
        CryptographicOperations.ZeroMemory(_nonce);
    }

    private byte[] WritePayload()
    {
        Span<byte> commitment = stackalloc byte[SessionNonces.Length];
        KeySchedule.Commit(_nonce, commitment);
        var payload = new byte[_peer is null ? HelloPayload.PaddedLength : HelloPayload.Length];
        new HelloPayload
        {
            Capabilities = _options.Capabilities,
            LocalIndex = LocalIndex,
            Commitment = commitment,
            LargestDatagram = _options.LargestDatagram,
        }.Write(payload);
        return payload;
    }

    // PROTOCOL HSK-4, HSK-14.
    private NoiseHandshake Begin(Span<byte> message, out int length)
    {
        var handshake = _peer is null
            ? new NoiseHandshake(NoisePattern.XX, isInitiator: true, HandshakePrologue.XX, _key, null, _seed)
            : new NoiseHandshake(NoisePattern.IK, isInitiator: true, HandshakePrologue.IK, _key, _peer, _seed);
        length = handshake.WriteMessage(_payload, message);
        return handshake;
    }

    private byte[] WriteFinish(NoiseHandshake handshake, uint remoteIndex)
    {
        Span<byte> payload = stackalloc byte[FinishPayload.Length];
        Span<byte> message = stackalloc byte[HandshakePacket.MaxLength];
        new FinishPayload { Capabilities = _options.Capabilities, Nonce = _nonce }.Write(payload);
        var length = handshake.WriteMessage(payload, message);
        var packet = new HandshakePacket
        {
            Type = PacketType.FinishXX,
            AttemptId = Id,
            ReceiverIndex = remoteIndex,
            Message = message[..length],
        };
        var datagram = new byte[length + HandshakePacket.Overhead];
        HandshakeMac.Bare.Write(packet, datagram);
        return datagram;
    }
}
