using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Noise;
using P2PCopy.NatTraversal.Channel.Wire;
using P2PCopy.NatTraversal.Channel.Words;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// A sealed session with one peer: its channel, the exchange that confirms keys and nonces, and the post-quantum step. The initiator
/// repeats what has not been answered; the responder only ever answers.
/// </summary>
internal sealed class PeerSession : IDisposable
{
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ConfirmationLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);
    private const int CloseCopies = 3;

    // So near there may be a link that is faster than a processor seals; elsewhere the bytes of a longer tag count for more.
    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(10);

    private readonly SessionTerms _terms;
    private readonly SecureChannel _channel;
    private readonly SessionNonces _nonces;
    private readonly PostQuantumStep? _postQuantum;
    private readonly byte[] _hash = new byte[32];
    private readonly byte[] _finish;
    private readonly Instant _began;
    private Instant _repeatAt;
    private ControlSends _due;
    private int _closesToSend;
    private CloseReason _closeReason;
    private int? _wordsAsked;
    private bool _isDisposed;

    /// <summary>The session of a completed handshake.</summary>
    /// <param name="terms">What was settled.</param>
    /// <param name="handshake">Complete; stays the caller's.</param>
    /// <param name="nonces">What is known of the nonces.</param>
    /// <param name="finish">The datagram that ends an initiator's Noise XX and is repeated with the confirmation; else empty.</param>
    /// <param name="random">For the post-quantum step.</param>
    /// <param name="now">The time.</param>
    public PeerSession(
        SessionTerms terms, NoiseHandshake handshake, SessionNonces nonces, ReadOnlySpan<byte> finish, IRandomBytes random, Instant now)
    {
        (_terms, _nonces, _finish, _began, LastHeard, LastRemote) = (terms, nonces, finish.ToArray(), now, now, terms.FirstRemote);
        Span<byte> keys = stackalloc byte[64];
        handshake.CopyHandshakeHash(_hash);
        handshake.Split(keys[..32], keys[32..]);
        var cipher = DataCipherAlgorithm.Choose(terms.Both(Capabilities.Aes));
        _channel = new SecureChannel(cipher, terms.IsInitiator, keys[..32], keys[32..], terms.LocalIndex, terms.RemoteIndex);
        if (terms.Both(Capabilities.PostQuantum)) _postQuantum = new PostQuantumStep(terms.IsInitiator, _hash, keys, random, terms.Both(Capabilities.Aegis));
        CryptographicOperations.ZeroMemory(keys);
        if (nonces.IsOpen) Words = SpellWords();
        _repeatAt = terms.IsInitiator ? now : Instant.Never;
        HandleTimeout(now);
    }

    /// <summary>Whether this side began the handshake: it shows the first two words, and decides about paths.</summary>
    public bool IsInitiator => _terms.IsInitiator;

    /// <summary>The peer's static key.</summary>
    public PublicKey RemoteKey => _terms.RemoteKey;

    /// <summary>What is known about who it is; a ticket that is pasted later can raise it.</summary>
    public PeerTrust Trust { get; internal set; }

    /// <summary>How many strangers had a session before this one.</summary>
    public int StrangersBefore { get; internal set; }

    /// <summary>Whether the peer wants to send a file; else it wants to receive one.</summary>
    public bool PeerWantsToSend => (_terms.Remote & Capabilities.WantsToSend) != 0;

    /// <summary>Whether both sides want the same, so that there is nothing to do for them.</summary>
    public bool HasSameRole => ((_terms.Local ^ _terms.Remote) & Capabilities.WantsToSend) == 0;

    /// <summary>Whether both sides asked for the post-quantum step.</summary>
    public bool IsPostQuantum => _postQuantum is not null;

    /// <summary>What seals this side's datagrams; final when the session is ready.</summary>
    public DataCipher Cipher => _channel.Cipher;

    /// <summary>Bytes that sealing adds; final when the session is ready.</summary>
    public int Overhead => _channel.Overhead;

    /// <summary>The receiver index of datagrams to this side.</summary>
    public uint LocalIndex => _terms.LocalIndex;

    /// <summary>Largest datagram that both sides take, bytes of UDP payload.</summary>
    public int LargestDatagram => _terms.LargestDatagram;

    /// <summary>Where the responder saw one copy of the initiator's first message; <see langword="null"/> on the responder itself.</summary>
    public UdpEndpoint? Observed => _terms.Observed;

    /// <summary>From where the newest genuine datagram came.</summary>
    public UdpEndpoint LastRemote { get; private set; }

    /// <summary>When the newest genuine datagram came, or the session began.</summary>
    public Instant LastHeard { get; private set; }

    /// <summary>Whether the peer has proven its key and both nonces are known to both sides.</summary>
    public bool IsConfirmed { get; private set; }

    /// <summary>Whether files may be spoken of: confirmed, and this side seals with the post-quantum keys if both asked for them.</summary>
    // PROTOCOL HSK-13.
    public bool IsReady => IsConfirmed && !IsOver && (_postQuantum is null || _channel.SendEpoch > 0);

    /// <summary>Whether it has ended: closed by either side, given up unconfirmed, or disposed. Closing datagrams may still wait.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Why the peer closed it, if it did.</summary>
    public CloseReason? ClosedByPeer { get; private set; }

    /// <summary>The four words, or none as long as the initiator's nonce is unknown.</summary>
    public IReadOnlyList<string> Words { get; private set; } = [];

    /// <summary>
    /// How many words of the initiator's screen the responder's user has to type: 0, 2 or 4. On the initiator as it was told with the
    /// confirmation, <see langword="null"/> before.
    /// </summary>
    public int? WordsAsked => IsInitiator ? _wordsAsked : Trust == PeerTrust.Ticket ? 0 : StrangersBefore + 1 < WordsPlan.ManyStrangers ? 2 : 4;

    /// <summary>The channel's counts.</summary>
    public SecureChannel Channel => _channel;

    /// <summary>Datagrams of the transport that came before they were allowed to.</summary>
    public long Early { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> is due.</summary>
    public Instant NextTimeout => IsOver ? Instant.Never : Instant.Min(_repeatAt, _channel.NextTimeout);

    /// <summary>Whether a second session with the same peer is refused because of this one.</summary>
    // PROTOCOL HSK-11.
    public bool IsAlive(Instant now) => !IsOver && now - LastHeard < Silence;

    /// <summary>Opens a datagram of this session. What confirms and what makes the post-quantum step is handled here; all else is the caller's.</summary>
    /// <param name="datagram">Whatever arrived.</param>
    /// <param name="remote">From where.</param>
    /// <param name="inner">Takes what was sealed in it; undefined after a refusal.</param>
    /// <param name="now">The time.</param>
    /// <param name="opened">What it was.</param>
    /// <returns>Whether it was genuine, new and allowed at this time.</returns>
    public bool TryOpen(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Span<byte> inner, Instant now, out OpenedPacket opened)
    {
        opened = default;
        if (IsOver || !_channel.TryOpen(datagram, inner, now, out opened)) return false;
        (LastHeard, LastRemote) = (now, remote);
        if (opened.Type == PacketType.Control)
        {
            HandleControl(inner[..opened.Length]);
            return true;
        }

        // PROTOCOL HSK-13: once a stronger key was agreed on, nothing of the file may come under the weaker one.
        if (IsReady && (_postQuantum is null || opened.Epoch > 0)) return true;
        Early++;
        return false;
    }

    /// <summary>Seals a packet; see <see cref="SecureChannel.Seal"/>.</summary>
    /// <exception cref="InvalidOperationException">The transport's packets may not flow yet (<see cref="IsReady"/>).</exception>
    public int Seal(PacketType type, ReadOnlySpan<byte> inner, Span<byte> datagram)
    {
        if (type == PacketType.Data && !IsReady) throw new InvalidOperationException("the session is not ready for data");
        return _channel.Seal(type, inner, datagram);
    }

    /// <summary>Ends the session and tells the peer; drain <see cref="TryTransmitControl"/> once more.</summary>
    // PROTOCOL HSK-16.
    public void Close(CloseReason reason)
    {
        if (IsOver) return;
        (IsOver, _due, _closesToSend, _closeReason) = (true, ControlSends.None, CloseCopies, reason);
    }

    /// <summary>Ends the session without a word: nobody is there to hear it.</summary>
    public void GiveUp() => (IsOver, _due) = (true, ControlSends.None);

    /// <summary>Bytes of the longest datagram of the session's own: a post-quantum key.</summary>
    public const int LongestControl = SecureChannel.LeastOverhead + 2 + MlKem768.KeyLength;

    /// <summary>Bytes that suffice for all others.</summary>
    public const int ShortControl = 256;

    /// <summary>Whether <see cref="TryTransmitControl"/> has something to write.</summary>
    public bool HasControl => !_isDisposed && (_closesToSend > 0 || _due != ControlSends.None);

    /// <summary>Writes the next datagram of the session's own: to the current path, or to <see cref="LastRemote"/> while there is none.</summary>
    /// <param name="buffer">
    /// At least <see cref="LongestControl"/> bytes; where only <see cref="ShortControl"/> may go, the post-quantum keys wait.
    /// </param>
    /// <param name="length">Bytes written.</param>
    public bool TryTransmitControl(Span<byte> buffer, out int length)
    {
        length = 0;
        if (_isDisposed) return false;
        Span<byte> inner = stackalloc byte[LongestControl - SecureChannel.LeastOverhead];
        if (_closesToSend > 0)
        {
            _closesToSend--;
            inner = inner[..new ClosePacket { Reason = _closeReason }.Write(inner)];
        }
        else if (Take(ControlSends.Finish))
        {
            _finish.CopyTo(buffer);
            length = _finish.Length;
            return true;
        }
        else if (Take(ControlSends.Confirm)) inner = inner[..new ConfirmPacket { Nonce = _nonces.Initiator }.Write(inner)];
        else if (Take(ControlSends.Confirmed)) inner = inner[..new ConfirmedPacket { WordsAsked = (byte)WordsAsked! }.Write(inner)];
        else if (buffer.Length >= LongestControl && Take(ControlSends.Kem)) inner = inner[.._postQuantum!.Write(inner)];
        else return false;
        length = _channel.Seal(PacketType.Control, inner, buffer);
        return true;
    }

    /// <summary>The path's round trip is known: an initiator that has the post-quantum keys seals with them from now on.</summary>
    // PROTOCOL CHN-12.
    public void PathMeasured(TimeSpan roundTrip)
    {
        if (IsInitiator && !IsOver && _postQuantum is { IsDone: true, IsInstalled: false }) Install(isNear: roundTrip < Near);
    }

    /// <summary>Repeats what has not been answered, and gives up a session that nobody confirms.</summary>
    // PROTOCOL HSK-12.
    public void HandleTimeout(Instant now)
    {
        if (IsOver) return;
        _channel.HandleTimeout(now);
        if (now < _repeatAt) return;
        if (!IsConfirmed && now >= _began + ConfirmationLimit)
        {
            GiveUp();
            return;
        }

        if (!IsConfirmed && _finish.Length > 0) _due |= ControlSends.Finish;
        if (!IsConfirmed || (_postQuantum is { IsDone: true } && _channel.ReceiveEpoch == 0)) _due |= ControlSends.Confirm;
        if (_postQuantum is { IsDone: false }) _due |= ControlSends.Kem;
        _repeatAt = _due == ControlSends.None ? Instant.Never : now + Repeat;
    }

    /// <summary>Wipes all keys.</summary>
    public void Dispose()
    {
        (IsOver, _isDisposed) = (true, true);
        _channel.Dispose();
        _postQuantum?.Dispose();
    }

    private void HandleControl(ReadOnlySpan<byte> inner)
    {
        if (ClosePacket.TryRead(inner, out var close)) (IsOver, _due, ClosedByPeer) = (true, ControlSends.None, close.Reason);
        else if (IsInitiator && ConfirmedPacket.TryRead(inner, out var confirmed)) (IsConfirmed, _wordsAsked) = (true, confirmed.WordsAsked);
        else if (!IsInitiator && ConfirmPacket.TryRead(inner, out var confirm)) HandleConfirm(confirm.Nonce);
        else if (_postQuantum is not null && KemPacket.TryRead(inner, out var kem)) HandleKem(kem);
    }

    private void HandleConfirm(ReadOnlySpan<byte> nonce)
    {
        // PROTOCOL HSK-12, KEY-4.
        if (!_nonces.TryOpen(nonce))
        {
            Close(CloseReason.BrokenCommitment);
            return;
        }

        if (!IsConfirmed) Words = SpellWords();
        IsConfirmed = true;
        _due |= ControlSends.Confirmed;
    }

    private void HandleKem(KemPacket packet)
    {
        var wasDone = _postQuantum!.IsDone;
        if (!_postQuantum.TryTake(packet)) return;
        _due &= ~ControlSends.Kem;
        if (!wasDone && (!IsInitiator || !_postQuantum.MayTakeAegis)) Install(isNear: false);

        // The responder answers every copy of the key.
        if (!IsInitiator && !IsOver) _due |= ControlSends.Kem;
    }

    private void Install(bool isNear)
    {
        // The initiator goes on with a confirmation under the new keys.
        if (!_postQuantum!.Install(_channel, isNear)) Close(CloseReason.Ended);
        else if (IsInitiator) _due |= ControlSends.Confirm;
    }

    private bool Take(ControlSends send)
    {
        if ((_due & send) == 0) return false;
        _due &= ~send;
        return true;
    }

    private string[] SpellWords()
    {
        Span<byte> bytes = stackalloc byte[4];
        KeySchedule.VerificationWords(_hash, _nonces.Initiator, _nonces.Responder, bytes);
        return VerificationWords.FromBytes(bytes);
    }

    [Flags]
    private enum ControlSends
    {
        None = 0,
        Finish = 1,
        Confirm = 2,
        Confirmed = 4,
        Kem = 8,
    }
}
