using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>The opening half of a <see cref="SecureChannel"/>: knows the keys of three epochs, and which counters were used.</summary>
internal sealed class SecureChannelReceiver(DataCipher cipher, ReadOnlySpan<byte> key, uint localIndex, ulong packetsPerEpoch) : IDisposable
{
    private static readonly TimeSpan OldEpochLives = TimeSpan.FromSeconds(2);

    private readonly ChannelKeyChain _keys = new(cipher, key);
    private ReplayWindow _window = new();
    private ReplayWindow _oldWindow = new();
    private DataKey? _old;

    /// <summary>The newest epoch of which a datagram has been opened.</summary>
    public uint Epoch => _keys.Epoch;

    /// <summary>When the old epoch's key is due to be wiped.</summary>
    public Instant NextTimeout { get; private set; } = Instant.Never;

    /// <summary>Datagrams that were genuine, or at least formed as one, but seen before or too old to know.</summary>
    public long Replayed { get; private set; }

    /// <summary>Datagrams that were not for this session, of an unknown epoch, malformed or forged.</summary>
    public long Rejected { get; private set; }

    /// <summary>What seals the newest epoch.</summary>
    public DataCipher Cipher => _keys.Current.Cipher;

    public void ReplaceNext(DataCipher cipher, DataCipher? alternative, ReadOnlySpan<byte> key) => _keys.ReplaceNext(cipher, alternative, key);

    public void HandleTimeout(Instant now)
    {
        if (now >= NextTimeout) WipeOld();
    }

    public bool TryOpen(ReadOnlySpan<byte> datagram, Span<byte> inner, Instant now, out OpenedPacket opened)
    {
        opened = default;
        HandleTimeout(now);
        // PROTOCOL CHN-3: whatever fails changes nothing but a count.
        if (!DatagramHeader.TryRead(datagram, out var header)
            || header.Type is not (PacketType.Data or PacketType.Control)
            || header.ReceiverIndex != localIndex
            || header.Counter >= packetsPerEpoch
            || datagram.Length < SecureChannel.LeastOverhead)
        {
            Rejected++;
            return false;
        }

        // PROTOCOL CHN-9: of three consecutive epochs one at most has this byte, so one key is tried, or two for one epoch until CHN-12 is decided.
        var isNext = header.Epoch == (byte)(_keys.Epoch + 1);
        var isOld = header.Epoch == (byte)(_keys.Epoch - 1) && _old is not null;
        if (!isNext && !isOld && header.Epoch != (byte)_keys.Epoch)
        {
            Rejected++;
            return false;
        }

        var window = isOld ? _oldWindow : _window;
        if (!isNext && !window.IsFresh(header.Counter))
        {
            Replayed++;
            return false;
        }

        var key = isNext ? _keys.Next : isOld ? _old! : _keys.Current;
        var isOpen = TryOpen(key, header.Counter, datagram, inner, out var length);
        if (!isOpen && isNext && _keys.Alternative is { } alternative)
        {
            key = alternative;
            isOpen = TryOpen(key, header.Counter, datagram, inner, out length);
        }

        if (!isOpen)
        {
            Rejected++;
            return false;
        }

        if (isNext) window = Step(key.Cipher, now);
        opened = new OpenedPacket(header.Type, length, !isOld && window.IsNewest(header.Counter), isOld ? _keys.Epoch - 1 : _keys.Epoch);
        window.Add(header.Counter);
        return true;
    }

    public void Dispose()
    {
        WipeOld();
        _keys.Dispose();
    }

    private static bool TryOpen(DataKey key, ulong counter, ReadOnlySpan<byte> datagram, Span<byte> inner, out int length)
    {
        length = datagram.Length - DatagramHeader.Length - key.TagLength;
        return length >= 0 && inner.Length >= length
            && key.TryOpen(counter, datagram[..DatagramHeader.Length], datagram[DatagramHeader.Length..], inner[..length]);
    }

    private ReplayWindow Step(DataCipher cipher, Instant now)
    {
        _keys.Decide(cipher);
        _old?.Dispose();
        _old = _keys.Step();
        NextTimeout = now + OldEpochLives;
        (_window, _oldWindow) = (_oldWindow, _window);
        _window.Clear();
        return _window;
    }

    private void WipeOld()
    {
        _old?.Dispose();
        _old = null;
        NextTimeout = Instant.Never;
    }
}
