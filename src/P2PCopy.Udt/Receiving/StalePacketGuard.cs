using P2PCopy.Datagrams;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// Refuses packets that do not continue their stream. The UDT of the original program can send a packet with the old contents of
/// its buffer slot; its message number then is an old one, and a resend brings the right bytes once the slot is filled. That takes
/// as long as the sender's filling thread is held up, on a busy machine many resends on a short path; so a peer that numbers in
/// another way is believed after three resends and a while, not after three resends alone. PROTOCOL UDT-13.
/// </summary>
internal sealed class StalePacketGuard
{
    private const int LeastRefusals = 3;
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(300);
    private MessageWord _previous;
    private Instant _refusedSince;
    private bool _started;
    private int _refusals;

    /// <summary>Packets refused so far.</summary>
    public long Refused { get; private set; }

    /// <summary>Whether the packet that is next in order has been refused before, and the next refusal is no news to its sender.</summary>
    public bool IsRefusing => _refusals > 0;

    /// <summary>Judges the packet that is next in order; a refusal must lead to its resend.</summary>
    public bool Accept(MessageWord message, Instant now)
    {
        if (_started && !message.Continues(_previous) && (_refusals < LeastRefusals || now - _refusedSince < LeastTime))
        {
            if (_refusals++ == 0) _refusedSince = now;
            Refused++;
            return false;
        }

        _started = true;
        _refusals = 0;
        _previous = message;
        return true;
    }
}
