namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// The keys of one direction, epoch after epoch. The key of the next epoch is always ready, so that nothing which arrives can cause
/// a derivation.
/// </summary>
internal sealed class ChannelKeyChain : IDisposable
{
    private DataKey _next;
    private DataKey? _alternative;

    public ChannelKeyChain(DataCipher cipher, ReadOnlySpan<byte> key)
    {
        Current = new DataKey(cipher, key);
        _next = Current.Successor();
    }

    /// <summary>Steps made so far. The header carries the low eight bits. PROTOCOL CHN-8.</summary>
    public uint Epoch { get; private set; }

    /// <summary>The key of this epoch.</summary>
    public DataKey Current { get; private set; }

    /// <summary>The key of the epoch after this one.</summary>
    public DataKey Next => _next;

    /// <summary>What the next epoch may have instead, as long as that is not known.</summary>
    public DataKey? Alternative => _alternative;

    /// <summary>Gives the next epoch, and all that follow it, another cipher and another key than the one derived from this epoch's.</summary>
    /// <param name="cipher">What it is for.</param>
    /// <param name="alternative">What it may be for instead, if that is not known yet.</param>
    /// <param name="key">32 bytes; the caller wipes them.</param>
    public void ReplaceNext(DataCipher cipher, DataCipher? alternative, ReadOnlySpan<byte> key)
    {
        _next.Dispose();
        _next = new DataKey(cipher, key);
        if (alternative is { } other) _alternative = new DataKey(other, key);
    }

    /// <summary>It is known which: the other one is wiped.</summary>
    public void Decide(DataCipher cipher)
    {
        if (_alternative is null) return;
        if (_alternative.Cipher == cipher) (_next, _alternative) = (_alternative, _next);
        _alternative.Dispose();
        _alternative = null;
    }

    /// <summary>Moves on by an epoch.</summary>
    /// <returns>The key of the epoch that is over; it belongs to the caller.</returns>
    public DataKey Step()
    {
        var old = Current;
        Current = _next;
        _next = Current.Successor();
        Epoch++;
        return old;
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose()
    {
        Current.Dispose();
        _next.Dispose();
        _alternative?.Dispose();
    }
}
