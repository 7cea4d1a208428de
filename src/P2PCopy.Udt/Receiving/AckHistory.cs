using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Receiving;

/// <summary>The acknowledgements that wait for their ACK2: from the pair comes the round trip (draft-gg-udt-03 §3.3).</summary>
internal sealed class AckHistory
{
    private const int Remembered = 1024;
    private readonly (SequenceNumber Number, long NextExpected, Instant At)[] _sent = new (SequenceNumber, long, Instant)[Remembered];

    /// <summary>A full acknowledgement left.</summary>
    public void Sent(SequenceNumber number, long nextExpected, Instant now) => _sent[number.Value % Remembered] = (number, nextExpected, now);

    /// <summary>Takes an ACK2; false when it confirms nothing that waits (unknown, repeated, or too late).</summary>
    public bool TryConfirm(SequenceNumber number, Instant now, out long nextExpected, out TimeSpan roundTrip)
    {
        ref var entry = ref _sent[number.Value % Remembered];
        nextExpected = entry.NextExpected;
        roundTrip = now - entry.At;
        if (entry.Number != number || entry.At == Instant.Zero) return false;
        entry.At = Instant.Zero;
        return true;
    }
}
