using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>The PINGs to one address that may still be answered. The oldest give way: silence costs nothing more.</summary>
internal sealed class Challenges
{
    // At ten a second these are more than three seconds: no usable path takes longer to answer.
    private const int Kept = 32;

    private readonly Entry[] _entries = new Entry[Kept];
    private int _next;

    /// <summary>Keeps a challenge that was sent.</summary>
    public void Add(ulong challenge, int datagramBytes, Instant now)
    {
        _entries[_next] = new Entry(challenge, datagramBytes, now, true);
        _next = (_next + 1) % Kept;
    }

    /// <summary>Takes out the challenge that was answered; each counts once.</summary>
    /// <param name="challenge">What came back.</param>
    /// <param name="datagramBytes">Bytes of the PING.</param>
    /// <param name="sentAt">When it was sent.</param>
    public bool TryTake(ulong challenge, out int datagramBytes, out Instant sentAt)
    {
        foreach (ref var entry in _entries.AsSpan())
        {
            if (!entry.IsOpen || entry.Challenge != challenge) continue;
            (datagramBytes, sentAt) = (entry.DatagramBytes, entry.SentAt);
            entry = default;
            return true;
        }

        (datagramBytes, sentAt) = (0, default);
        return false;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => Array.Clear(_entries);

    private readonly record struct Entry(ulong Challenge, int DatagramBytes, Instant SentAt, bool IsOpen);
}
