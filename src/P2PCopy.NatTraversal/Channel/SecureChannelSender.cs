using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>The sealing half of a <see cref="SecureChannel"/>: numbers datagrams and steps to the next epoch in time.</summary>
internal sealed class SecureChannelSender(DataCipher cipher, ReadOnlySpan<byte> key, uint remoteIndex, ulong packetsPerEpoch) : IDisposable
{
    private readonly ChannelKeyChain _keys = new(cipher, key);
    private ulong _counter;

    /// <summary>The epoch of the next datagram, unless its predecessor was the last of its epoch.</summary>
    public uint Epoch => _keys.Epoch;

    public DataCipher Cipher => _keys.Current.Cipher;

    public int Overhead => DatagramHeader.Length + _keys.Current.TagLength;

    public int Seal(PacketType type, ReadOnlySpan<byte> inner, Span<byte> datagram)
    {
        // PROTOCOL CHN-10.
        if (_counter == packetsPerEpoch) Step();
        datagram = datagram[..(inner.Length + Overhead)];
        var header = new DatagramHeader { Type = type, Epoch = (byte)_keys.Epoch, Counter = _counter, ReceiverIndex = remoteIndex };
        header.Write(datagram);
        _keys.Current.Seal(_counter, datagram[..DatagramHeader.Length], inner, datagram[DatagramHeader.Length..]);
        _counter++;
        return datagram.Length;
    }

    public void ReplaceNext(DataCipher cipher, DataCipher? alternative, ReadOnlySpan<byte> key) => _keys.ReplaceNext(cipher, alternative, key);

    public void DecideNext(DataCipher cipher) => _keys.Decide(cipher);

    /// <summary>Seals from now on in the next epoch; the old key is wiped at once.</summary>
    public void Step()
    {
        _keys.Step().Dispose();
        _counter = 0;
    }

    public void Dispose() => _keys.Dispose();
}
