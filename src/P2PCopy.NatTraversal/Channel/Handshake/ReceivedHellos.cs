using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel.Handshake;

/// <summary>The first messages that were opened lately, at most sixteen: their copies are known without opening them again.</summary>
internal sealed class ReceivedHellos
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly List<ReceivedHello> _hellos = new(Capacity);

    /// <summary>How many are kept now.</summary>
    public int Count => _hellos.Count;

    /// <summary>The entry of this very message, or <see langword="null"/>.</summary>
    public ReceivedHello? Find(HandshakePacket packet)
    {
        foreach (var hello in _hellos)
        {
            if (hello.IsCopy(packet)) return hello;
        }

        return null;
    }

    /// <summary>The answered entry that waits for datagrams with this receiver index, or <see langword="null"/>.</summary>
    public ReceivedHello? FindWaiting(uint index) => _hellos.Find(hello => hello.LocalIndex == index && index != 0 && !hello.HasBegun);

    /// <summary>Whether one of these is being answered.</summary>
    public bool AnyAnswered(Func<ReceivedHello, bool> predicate) => _hellos.Exists(hello => hello.IsAnswered && predicate(hello));

    /// <summary>All entries.</summary>
    public void ForEach(Action<ReceivedHello> action) => _hellos.ForEach(action);

    /// <summary>Takes a new entry; the one that was silent for longest makes room.</summary>
    public void Add(ReceivedHello hello)
    {
        if (_hellos.Count == Capacity) Remove(_hellos.MinBy(old => (old.HasBegun, old.LastHeard))!);
        _hellos.Add(hello);
    }

    /// <summary>Forgets an entry.</summary>
    public void Remove(ReceivedHello hello)
    {
        _hellos.Remove(hello);
        hello.Dispose();
    }

    /// <summary>Forgets entries.</summary>
    public void RemoveWhere(Func<ReceivedHello, bool> predicate)
    {
        for (var i = _hellos.Count - 1; i >= 0; i--)
        {
            if (predicate(_hellos[i])) Remove(_hellos[i]);
        }
    }

    /// <summary>Forgets what was not heard for long, and what became of it is over.</summary>
    public void Expire(Instant now) =>
        RemoveWhere(hello => hello.HasBegun ? hello.Session!.IsOver : now - hello.LastHeard > Lifetime);
}
