using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// Seals and opens the datagrams of one session, from the keys on which the handshake ended: a counter and a replay window instead of
/// an order, new keys before a key has sealed too much, and nothing allocated per datagram.
/// </summary>
internal sealed class SecureChannel : IDisposable
{
    /// <summary>Bytes that sealing adds at least: the header and the shortest tag.</summary>
    public const int LeastOverhead = DatagramHeader.Length + DataCipherAlgorithm.ShortestTag;

    /// <summary>
    /// Datagrams that one key seals: half of what AES-GCM may seal of datagrams up to 2^11 bytes (RFC 9001, appendix B.1).
    /// </summary>
    public const ulong PacketsPerEpoch = 1UL << 27;

    private readonly bool _isInitiator;
    private readonly SecureChannelSender _sender;
    private readonly SecureChannelReceiver _receiver;
    private bool _isPostQuantum;

    /// <summary>A session in epoch 0.</summary>
    /// <param name="cipher">One that both ends support; <see cref="InstallEpoch1"/> can replace it.</param>
    /// <param name="isInitiator">Whether this side began the handshake.</param>
    /// <param name="initiatorToResponder">32 bytes; the caller wipes them.</param>
    /// <param name="responderToInitiator">32 bytes; the caller wipes them.</param>
    /// <param name="localIndex">What this side chose for datagrams to itself.</param>
    /// <param name="remoteIndex">What the peer chose.</param>
    /// <param name="packetsPerEpoch">After how many datagrams a key is replaced; both ends must agree.</param>
    public SecureChannel(
        DataCipher cipher,
        bool isInitiator,
        ReadOnlySpan<byte> initiatorToResponder,
        ReadOnlySpan<byte> responderToInitiator,
        uint localIndex,
        uint remoteIndex,
        ulong packetsPerEpoch = PacketsPerEpoch)
    {
        (_isInitiator, LocalIndex, RemoteIndex) = (isInitiator, localIndex, remoteIndex);
        _sender = new SecureChannelSender(cipher, isInitiator ? initiatorToResponder : responderToInitiator, remoteIndex, packetsPerEpoch);
        _receiver = new SecureChannelReceiver(cipher, isInitiator ? responderToInitiator : initiatorToResponder, localIndex, packetsPerEpoch);
    }

    /// <summary>What seals this side's datagrams: it may change with epoch 1.</summary>
    public DataCipher Cipher => _sender.Cipher;

    /// <summary>Bytes that sealing adds now: the header and the tag.</summary>
    public int Overhead => _sender.Overhead;

    /// <summary>The receiver index of datagrams to this side.</summary>
    public uint LocalIndex { get; }

    /// <summary>The receiver index of datagrams to the peer.</summary>
    public uint RemoteIndex { get; }

    /// <summary>The epoch in which this side seals, counted without end.</summary>
    public uint SendEpoch => _sender.Epoch;

    /// <summary>The newest epoch in which the peer is known to seal, counted without end.</summary>
    public uint ReceiveEpoch => _receiver.Epoch;

    /// <summary>When <see cref="HandleTimeout"/> has an old key to wipe.</summary>
    public Instant NextTimeout => _receiver.NextTimeout;

    /// <summary>Datagrams sealed.</summary>
    public long Sealed { get; private set; }

    /// <summary>Datagrams opened.</summary>
    public long Opened { get; private set; }

    /// <summary>Datagrams refused because they were forged, malformed, not for this session or of an unknown epoch.</summary>
    public long Rejected => _receiver.Rejected;

    /// <summary>Datagrams refused because they were seen before, or are too old to know.</summary>
    public long Replayed => _receiver.Replayed;

    /// <summary>Seals a packet: header, ciphertext, tag.</summary>
    /// <param name="type"><see cref="PacketType.Data"/> or <see cref="PacketType.Control"/>.</param>
    /// <param name="inner">What to seal. It may be the very bytes at <c>datagram[16..]</c>, else it must not overlap.</param>
    /// <param name="datagram">Room for <see cref="Overhead"/> bytes more than <paramref name="inner"/>.</param>
    /// <returns>Bytes of the datagram.</returns>
    public int Seal(PacketType type, ReadOnlySpan<byte> inner, Span<byte> datagram)
    {
        var length = _sender.Seal(type, inner, datagram);
        Sealed++;
        return length;
    }

    /// <summary>Opens a datagram that the peer sealed, if it did, and not twice.</summary>
    /// <param name="datagram">Whatever arrived.</param>
    /// <param name="inner">Room for <see cref="LeastOverhead"/> bytes less than the datagram; may be the very bytes at <c>datagram[16..]</c>. Undefined after a refusal.</param>
    /// <param name="now">The time of arrival.</param>
    /// <param name="opened">What it was.</param>
    /// <returns>Whether it was genuine and new; if not, nothing has changed but a count.</returns>
    public bool TryOpen(ReadOnlySpan<byte> datagram, Span<byte> inner, Instant now, out OpenedPacket opened)
    {
        if (!_receiver.TryOpen(datagram, inner, now, out opened)) return false;
        Opened++;
        // PROTOCOL CHN-11: the initiator has the keys now, so the responder may use them.
        if (_isPostQuantum && _sender.Epoch == 0 && opened.Epoch == 1) StepBehind();
        return true;
    }

    /// <summary>
    /// Gives epoch 1 and those after it a cipher, and epoch 1 the keys of the post-quantum step instead of derived ones. The initiator seals in epoch 1 from now on; the responder
    /// does after the first datagram of epoch 1, since only then the initiator is known to have the keys.
    /// </summary>
    /// <param name="cipher">One that both ends support.</param>
    /// <param name="alternative">On the responder, what the initiator may take instead: its first datagram of epoch 1 tells.</param>
    /// <param name="initiatorToResponder">32 bytes; the caller wipes them.</param>
    /// <param name="responderToInitiator">32 bytes; the caller wipes them.</param>
    /// <returns>False if a side has already left epoch 0 or the step was made before; the session should end then.</returns>
    public bool InstallEpoch1(DataCipher cipher, DataCipher? alternative, ReadOnlySpan<byte> initiatorToResponder, ReadOnlySpan<byte> responderToInitiator)
    {
        if (_isPostQuantum || _sender.Epoch != 0 || _receiver.Epoch != 0) return false;
        _isPostQuantum = true;
        _sender.ReplaceNext(cipher, alternative, _isInitiator ? initiatorToResponder : responderToInitiator);
        _receiver.ReplaceNext(cipher, alternative, _isInitiator ? responderToInitiator : initiatorToResponder);
        if (_isInitiator) _sender.Step();
        return true;
    }

    /// <summary>Wipes the old epoch's key when its time is over.</summary>
    public void HandleTimeout(Instant now) => _receiver.HandleTimeout(now);

    private void StepBehind()
    {
        _sender.DecideNext(_receiver.Cipher);
        _sender.Step();
    }

    /// <summary>Wipes all keys.</summary>
    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }
}
