using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt.Receiving;

/// <summary>
/// Refuses packets that do not continue their stream. The UDT of the original program can send a packet with the old contents of
/// its buffer slot; its message number then is an old one, and a resend brings the right bytes. A peer that numbers in another
/// way is believed after its third resend.
/// </summary>
internal sealed class StalePacketGuard
{
    private const int MostRefusals = 3;
    private MessageWord _previous;
    private bool _started;
    private int _refusals;

    /// <summary>Packets refused so far.</summary>
    public long Refused { get; private set; }

    /// <summary>Judges the packet that is next in order; a refusal must lead to its resend.</summary>
    public bool Accept(MessageWord message)
    {
        // PROTOCOL UDT-13.
        if (_started && !message.Continues(_previous) && _refusals < MostRefusals)
        {
            _refusals++;
            Refused++;
            return false;
        }

        _started = true;
        _refusals = 0;
        _previous = message;
        return true;
    }
}
