using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>The Binding transactions of one socket: draws ids, sends and resends, matches answers, gives up.</summary>
/// <param name="fillRandom">Fills a span with cryptographically random bytes.</param>
internal sealed class StunTransactions(Action<Span<byte>> fillRandom)
{
    // Late copies of answers must not reach the other machines of the socket.
    private const int RememberedIds = 64;

    private readonly List<StunBinding> _pending = [];
    private readonly Queue<TransactionId> _finished = new(RememberedIds);
    private long _sendOrder;

    /// <summary>STUN messages that were for us but not to be believed.</summary>
    public long RejectedAnswers { get; private set; }

    /// <summary>The earliest resend or end of patience.</summary>
    public Instant NextTimeout
    {
        get
        {
            var next = Instant.Never;
            foreach (var binding in _pending) next = Instant.Min(next, Instant.Min(binding.NextSend, binding.GivesUpAt));
            return next;
        }
    }

    /// <summary>Starts a plain transaction: the answer must come from the very address and port that is asked.</summary>
    public StunBinding Start(UdpEndpoint server, StunSchedule schedule, Instant now) =>
        Start(server, StunDetour.None, server, schedule, now);

    /// <summary>Starts a transaction whose answer must come from another address or port, or to another port of ours.</summary>
    public StunBinding Start(UdpEndpoint server, StunDetour detour, UdpEndpoint answerFrom, StunSchedule schedule, Instant now)
    {
        var binding = new StunBinding(TransactionId.Create(fillRandom), server, detour, answerFrom, schedule, now);
        _pending.Add(binding);
        return binding;
    }

    /// <summary>Ends a transaction early; nothing more is sent for it.</summary>
    public void Abandon(StunBinding binding)
    {
        if (!_pending.Remove(binding)) return;
        binding.GiveUp();
        Remember(binding.Id);
    }

    /// <summary>Ends all of them.</summary>
    public void AbandonAll()
    {
        while (_pending.Count > 0) Abandon(_pending[^1]);
    }

    /// <summary>Whether a transaction is under way or ended lately.</summary>
    public bool Knows(TransactionId id)
    {
        foreach (var binding in _pending)
            if (binding.Id == id) return true;
        return _finished.Contains(id);
    }

    /// <summary>Judges a datagram; the transaction whose state it changed, or <see langword="null"/>.</summary>
    public StunBinding? Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (StunMessage.TryRead(datagram, out var message) && Find(message.TransactionId) is { } binding && binding.TryAccept(message, remote, now))
        {
            _pending.Remove(binding);
            Remember(binding.Id);
            return binding;
        }

        RejectedAnswers++;
        return null;
    }

    /// <summary>Gives up on those whose time is over.</summary>
    public void HandleTimeout(Instant now)
    {
        for (var i = _pending.Count - 1; i >= 0; i--)
            if (_pending[i].GivesUpAt <= now) Abandon(_pending[i]);
    }

    /// <summary>Writes the next request that is due.</summary>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        foreach (var binding in _pending)
        {
            if (binding.NextSend > now) continue;
            transmit = new Transmit(binding.Write(buffer, now, ref _sendOrder), binding.Server);
            return true;
        }

        transmit = default;
        return false;
    }

    private StunBinding? Find(TransactionId id)
    {
        foreach (var binding in _pending)
            if (binding.Id == id) return binding;
        return null;
    }

    private void Remember(TransactionId id)
    {
        if (_finished.Count == RememberedIds) _finished.Dequeue();
        _finished.Enqueue(id);
    }
}
