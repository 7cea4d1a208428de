namespace P2PCopy.NatTraversal.Paths;

/// <summary>Answers that are to leave at once. When more is asked than can leave, the rest is asked again.</summary>
internal sealed class ReplyQueue
{
    private const int Most = 32;

    private readonly PathMessage[] _replies = new PathMessage[Most];
    private int _first;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is no room for another one.</summary>
    public bool IsFull => Count == Most;

    /// <summary>Adds one; there must be room.</summary>
    public void Add(in PathMessage reply) => _replies[(_first + Count++) % Most] = reply;

    /// <summary>Takes out the oldest.</summary>
    public bool TryTake(out PathMessage reply)
    {
        reply = default;
        if (Count == 0) return false;
        reply = _replies[_first];
        _first = (_first + 1) % Most;
        Count--;
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => Count = 0;
}
