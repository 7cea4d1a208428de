using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// The second key exchange, inside the sealed session: ML-KEM-768, so that who records today and breaks X25519 one day still has nothing.
/// </summary>
// PROTOCOL HSK-13.
internal sealed class PostQuantumStep : IDisposable
{
    private readonly bool _isInitiator;
    private readonly bool _bothHaveAegis;
    private readonly MlKem768 _kem;
    private readonly byte[] _hash;
    private readonly byte[] _oldKeys;
    private readonly byte[] _newKeys = new byte[2 * KeySchedule.KeyLength];
    private readonly MlKem768KeyPair? _pair;
    private readonly byte[] _key = new byte[MlKem768.KeyLength];
    private readonly byte[] _ciphertext = new byte[MlKem768.CiphertextLength];

    /// <summary>Begins the step; an initiator makes its key pair now.</summary>
    /// <param name="isInitiator">Of the session.</param>
    /// <param name="hash">Of the handshake, 32 bytes.</param>
    /// <param name="keys">The two keys of epoch 0, the initiator's first: 64 bytes.</param>
    /// <param name="random">A cryptographic source.</param>
    /// <param name="bothHaveAegis">Whether AEGIS-256 may seal from epoch 1 on.</param>
    public PostQuantumStep(bool isInitiator, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> keys, IRandomBytes random, bool bothHaveAegis)
    {
        (_isInitiator, _bothHaveAegis, _kem, _hash, _oldKeys) = (isInitiator, bothHaveAegis, MlKem768.Create(random), hash.ToArray(), keys.ToArray());
        MayTakeAegis = isInitiator && bothHaveAegis;
        if (!isInitiator) return;
        _pair = _kem.GenerateKeyPair();
        _pair.CopyKey(_key);
    }

    /// <summary>Whether both halves are known.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether the channel has the keys.</summary>
    public bool IsInstalled { get; private set; }

    /// <summary>Whether AEGIS-256 may seal from epoch 1 on; on the responder once the initiator said so.</summary>
    public bool MayTakeAegis { get; private set; }

    /// <summary>Writes what this side has to send: its key, or as responder the ciphertext.</summary>
    /// <param name="inner">Room for either.</param>
    /// <returns>Bytes written.</returns>
    // PROTOCOL CHN-12.
    public int Write(Span<byte> inner)
    {
        if (!_isInitiator) return new KemPacket { Kind = ControlKind.KemCiphertext, Value = _ciphertext }.Write(inner);
        return new KemPacket { Kind = ControlKind.KemKey, MayTakeAegis = MayTakeAegis, Value = _key }.Write(inner);
    }

    /// <summary>Takes the other side's half. <see langword="false"/> when it is not wanted, is another than before, or no key.</summary>
    public bool TryTake(KemPacket packet)
    {
        if (packet.Kind != (_isInitiator ? ControlKind.KemCiphertext : ControlKind.KemKey)) return false;
        if (packet.MayTakeAegis && !_bothHaveAegis) return false;
        if (IsDone) return packet.Value.SequenceEqual(_isInitiator ? _ciphertext : _key);
        Span<byte> secret = stackalloc byte[MlKem768.SecretLength];
        if (!TryAgree(packet.Value, secret)) return false;
        var i2r = ..KeySchedule.KeyLength;
        var r2i = KeySchedule.KeyLength..;
        KeySchedule.PostQuantum(
            _hash, _oldKeys.AsSpan(i2r), _oldKeys.AsSpan(r2i), secret, _key, _ciphertext, _newKeys.AsSpan(i2r), _newKeys.AsSpan(r2i));
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(_oldKeys);
        if (!_isInitiator) MayTakeAegis = packet.MayTakeAegis;
        return IsDone = true;
    }

    /// <summary>Gives the new keys to the channel and wipes them here. <see langword="false"/> when the channel cannot take them any more.</summary>
    /// <param name="channel">The session's.</param>
    /// <param name="isNear">Whether an initiator takes AEGIS-256 if it may; a responder learns from what the initiator seals.</param>
    public bool Install(SecureChannel channel, bool isNear)
    {
        IsInstalled = true;
        var takesAegis = MayTakeAegis && _isInitiator && isNear;
        var isInstalled = channel.InstallEpoch1(
            takesAegis ? DataCipher.Aegis256 : channel.Cipher,
            MayTakeAegis && !_isInitiator ? DataCipher.Aegis256 : null,
            _newKeys.AsSpan(0, KeySchedule.KeyLength),
            _newKeys.AsSpan(KeySchedule.KeyLength));
        CryptographicOperations.ZeroMemory(_newKeys);
        return isInstalled;
    }

    /// <summary>Wipes all secrets.</summary>
    public void Dispose()
    {
        _pair?.Dispose();
        CryptographicOperations.ZeroMemory(_oldKeys);
        CryptographicOperations.ZeroMemory(_newKeys);
    }

    private bool TryAgree(ReadOnlySpan<byte> value, Span<byte> secret)
    {
        if (_isInitiator)
        {
            value.CopyTo(_ciphertext);
            return _pair!.TryDecapsulate(_ciphertext, secret);
        }

        value.CopyTo(_key);
        return _kem.TryEncapsulate(_key, _ciphertext, secret);
    }
}
