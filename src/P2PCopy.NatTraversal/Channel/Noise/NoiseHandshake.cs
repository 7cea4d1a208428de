using System.Security.Cryptography;

namespace P2PCopy.NatTraversal.Channel.Noise;

/// <summary>
/// One side of one Noise handshake (revision 34, section 5.3). Messages are written and read in turn; a message that cannot be read
/// ends the handshake, so a responder begins each attempt with a new one.
/// </summary>
internal sealed class NoiseHandshake : IDisposable
{
    /// <summary>Longest message of the framework, bytes.</summary>
    public const int MaxMessageLength = 65535;

    private readonly NoiseToken[][] _messages;
    private readonly bool _isInitiator;
    private readonly SymmetricState _state;
    private readonly StaticKey _localStatic;
    private readonly byte[] _ephemeralSeed;
    private StaticKey? _localEphemeral;
    private PublicKey? _remoteStatic;
    private PublicKey _remoteEphemeral;
    private int _next;
    private bool _isDead;

    /// <summary>Begins a handshake; nothing is computed with <paramref name="ephemeralSeed"/> before the first message is written.</summary>
    /// <param name="pattern">The handshake.</param>
    /// <param name="isInitiator">Whether this side sends the first message.</param>
    /// <param name="prologue">Bytes on which both sides must agree.</param>
    /// <param name="localStatic">This side's own key; it stays the caller's and must outlive the handshake.</param>
    /// <param name="remoteStatic">What an initiator of <see cref="NoisePattern.IK"/> knows before; <see langword="null"/> in all other cases.</param>
    /// <param name="ephemeralSeed">32 bytes from a cryptographic random source, used for no other handshake; the caller wipes them.</param>
    /// <exception cref="ArgumentException">
    /// The remote key is missing or must not be given, or is of low order (<see cref="X25519.IsLowOrder"/>), or the seed has another length.
    /// </exception>
    public NoiseHandshake(
        NoisePattern pattern,
        bool isInitiator,
        ReadOnlySpan<byte> prologue,
        StaticKey localStatic,
        PublicKey? remoteStatic,
        ReadOnlySpan<byte> ephemeralSeed)
    {
        if (remoteStatic.HasValue != (pattern == NoisePattern.IK && isInitiator))
            throw new ArgumentException("the initiator of IK knows the remote key before, and nobody else", nameof(remoteStatic));
        if (remoteStatic is { } known && X25519.IsLowOrder(known)) throw new ArgumentException("the key is of low order", nameof(remoteStatic));
        if (ephemeralSeed.Length != X25519.Length) throw new ArgumentException("a seed has 32 bytes", nameof(ephemeralSeed));

        _messages = NoiseMessages.Of(pattern);
        _isInitiator = isInitiator;
        _localStatic = localStatic;
        _remoteStatic = remoteStatic;
        _ephemeralSeed = ephemeralSeed.ToArray();
        _state = new SymmetricState(NoiseMessages.NameOf(pattern));
        _state.MixHash(prologue);
        if (pattern == NoisePattern.IK) MixKeyIntoHash(isInitiator ? remoteStatic!.Value : localStatic.Public);
    }

    /// <summary>Whether all messages were written and read: <see cref="Split"/> may be called.</summary>
    public bool IsComplete => !_isDead && _next == _messages.Length;

    /// <summary>
    /// The other side's static key; to be trusted only as far as the message that brought it was read. The first message of IK can be a
    /// replay: its sender is proven when the first packet sealed with the keys of the handshake arrives.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not known yet.</exception>
    public PublicKey RemoteStatic => _remoteStatic ?? throw new InvalidOperationException("the other side's key is not known yet");

    private bool IsOwnTurn => !_isDead && _next < _messages.Length && _isInitiator == (_next % 2 == 0);

    /// <summary>Writes the next message and returns its length in bytes.</summary>
    /// <param name="payload">What it carries: in clear in the first message of XX, else encrypted.</param>
    /// <param name="message">Room for it: <paramref name="payload"/> and at most 96 bytes more.</param>
    /// <exception cref="InvalidOperationException">It is not this side's turn, or the handshake is over.</exception>
    /// <exception cref="ArgumentException">There is not room enough.</exception>
    public int WriteMessage(ReadOnlySpan<byte> payload, Span<byte> message)
    {
        if (!IsOwnTurn) throw new InvalidOperationException("no message can be written now");
        var length = 0;
        foreach (var token in _messages[_next])
        {
            switch (token)
            {
                case NoiseToken.E:
                    _localEphemeral = StaticKey.FromSeed(_ephemeralSeed);
                    CryptographicOperations.ZeroMemory(_ephemeralSeed);
                    _localEphemeral.Public.CopyTo(message[length..]);
                    _state.MixHash(message.Slice(length, PublicKey.Length));
                    length += PublicKey.Length;
                    break;
                case NoiseToken.S:
                    length += WriteStatic(message[length..]);
                    break;
                default:
                    if (!TryMixSecret(token)) throw new InvalidOperationException("a key of low order went unnoticed when it came in");
                    break;
            }
        }

        var sealedLength = payload.Length + _state.Overhead;
        _state.EncryptAndHash(payload, message.Slice(length, sealedLength));
        _next++;
        return length + sealedLength;
    }

    /// <summary>Reads the other side's next message.</summary>
    /// <param name="message">The message, exactly.</param>
    /// <param name="payload">Takes what it carries.</param>
    /// <param name="length">Bytes of the payload.</param>
    /// <returns>
    /// <see langword="false"/> when the message is malformed, forged, not expected now, or carries more than <paramref name="payload"/> can
    /// take: the handshake is dead then.
    /// </returns>
    public bool TryReadMessage(ReadOnlySpan<byte> message, Span<byte> payload, out int length)
    {
        length = 0;
        if (_isDead || IsOwnTurn || IsComplete || message.Length > MaxMessageLength || !TryRead(message, payload, out length))
        {
            _isDead = true;
            length = 0;
            return false;
        }

        _next++;
        return true;
    }

    /// <summary>Writes the hash of the whole transcript, the same on both sides: 32 bytes that no other handshake has.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public void CopyHandshakeHash(Span<byte> hash)
    {
        ThrowIfIncomplete();
        _state.Hash.CopyTo(hash);
    }

    /// <summary>Writes the two keys that follow from the handshake, 32 bytes each.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not complete.</exception>
    public void Split(Span<byte> initiatorToResponder, Span<byte> responderToInitiator)
    {
        ThrowIfIncomplete();
        _state.Split(initiatorToResponder, responderToInitiator);
    }

    // PROTOCOL KEY-8.

    /// <summary>Wipes all secrets; the handshake is dead.</summary>
    public void Dispose()
    {
        _isDead = true;
        _localEphemeral?.Dispose();
        CryptographicOperations.ZeroMemory(_ephemeralSeed);
        _state.Dispose();
    }

    private void ThrowIfIncomplete()
    {
        if (!IsComplete) throw new InvalidOperationException("the handshake is not complete");
    }

    private void MixKeyIntoHash(PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        key.CopyTo(bytes);
        _state.MixHash(bytes);
    }

    private int WriteStatic(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        _localStatic.Public.CopyTo(bytes);
        var length = bytes.Length + _state.Overhead;
        _state.EncryptAndHash(bytes, destination[..length]);
        return length;
    }

    private bool TryRead(ReadOnlySpan<byte> message, Span<byte> payload, out int length)
    {
        length = 0;
        foreach (var token in _messages[_next])
        {
            var taken = token switch
            {
                NoiseToken.E => TryReadEphemeral(message),
                NoiseToken.S => TryReadStatic(message),
                _ => TryMixSecret(token) ? 0 : null,
            };
            if (taken is not { } count) return false;
            message = message[count..];
        }

        length = message.Length - _state.Overhead;
        return length >= 0 && length <= payload.Length && _state.TryDecryptAndHash(message, payload[..length]);
    }

    private int? TryReadEphemeral(ReadOnlySpan<byte> message)
    {
        if (message.Length < PublicKey.Length) return null;
        var bytes = message[..PublicKey.Length];
        _remoteEphemeral = new PublicKey(bytes);
        _state.MixHash(bytes);

        // The first message of XX has no secret that would show it, and the answer to it must not fail.
        if (_messages[_next].Length == 1 && X25519.IsLowOrder(_remoteEphemeral)) return null;
        return bytes.Length;
    }

    private int? TryReadStatic(ReadOnlySpan<byte> message)
    {
        var length = PublicKey.Length + _state.Overhead;
        if (message.Length < length) return null;
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        if (!_state.TryDecryptAndHash(message[..length], bytes)) return null;
        _remoteStatic = new PublicKey(bytes);
        return length;
    }

    private bool TryMixSecret(NoiseToken token)
    {
        var localIsStatic = token == NoiseToken.SS || token == (_isInitiator ? NoiseToken.SE : NoiseToken.ES);
        var remoteIsStatic = token == NoiseToken.SS || token == (_isInitiator ? NoiseToken.ES : NoiseToken.SE);
        Span<byte> secret = stackalloc byte[X25519.Length];
        var isGood = X25519.TryAgree(
            localIsStatic ? _localStatic : _localEphemeral!, remoteIsStatic ? RemoteStatic : _remoteEphemeral, secret);
        if (isGood) _state.MixKey(secret);
        CryptographicOperations.ZeroMemory(secret);
        return isGood;
    }
}
