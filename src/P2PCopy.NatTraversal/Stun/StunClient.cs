using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>
/// Asks STUN servers where this socket is seen from (RFC 8489, method Binding, without credentials), several at once, and then keeps
/// that address alive. It shares its socket with other protocols, so it claims only what can be an answer to it.
/// </summary>
/// <remarks>
/// Neither SOFTWARE nor FINGERPRINT is sent: the one tells about the user, the other is not needed to know STUN from the rest here.
/// </remarks>
/// <example><code>
/// var binding = client.Ask(server, now);
/// … the loop of IDatagramProtocol …
/// if (binding.State == StunBindingState.Answered) Print(binding.MappedEndpoint);
/// </code></example>
public sealed class StunClient : IDatagramProtocol
{
    private readonly StunTransactions _transactions;
    private readonly HashSet<UdpEndpoint> _servers = [];
    private readonly StunKeepAlive _keepAlive;

    /// <summary>A client without servers.</summary>
    /// <param name="fillRandom">Fills a span with cryptographically random bytes; transaction ids are drawn from it.</param>
    public StunClient(Action<Span<byte>> fillRandom)
    {
        _transactions = new StunTransactions(fillRandom);
        _keepAlive = new StunKeepAlive(_transactions, fillRandom);
    }

    /// <summary>STUN messages that came from a server or carried an id of ours, but broke a rule; they changed nothing.</summary>
    public long RejectedAnswers => _transactions.RejectedAnswers;

    /// <inheritdoc/>
    public Instant NextTimeout => Instant.Min(_transactions.NextTimeout, _keepAlive.NextTimeout);

    /// <summary>Asks a server: at once, after 200 ms and after 500 ms, until it answers.</summary>
    public StunBinding Ask(UdpEndpoint server, Instant now) => Ask(server, StunSchedule.First, now);

    /// <summary>Whether this address and port has been asked.</summary>
    public bool HasAsked(UdpEndpoint server) => _servers.Contains(server);

    /// <summary>
    /// Keeps the mapping open from now on, without end: a request to <paramref name="first"/> every 12 s ± 2 s, to
    /// <paramref name="second"/> every 60 s. NATs drop silent mappings after 30 s, bad ones after 15 s (RFC 4787 asks for 120 s).
    /// </summary>
    /// <param name="first">The answered transaction whose address was told to the user.</param>
    /// <param name="second">An answered transaction with another server, if there is one.</param>
    /// <param name="now">The time.</param>
    public void KeepAlive(StunBinding first, StunBinding? second, Instant now) => _keepAlive.Start(first, second, now);

    /// <summary>Sends nothing more of its own accord: something else keeps the mapping open now.</summary>
    public void StopKeepAlive() => _keepAlive.Stop();

    /// <summary>Takes the next change of the mapped address that the keep-alive noticed.</summary>
    public bool TryReadMappedAddressChanged(out UdpEndpoint mapped) => _keepAlive.TryReadChange(out mapped);

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) =>
        // PROTOCOL STUN-1.
        StunMessage.LooksLikeStun(datagram) && (_transactions.Knows(TransactionId.Read(datagram[8..])) || _servers.Contains(remote));

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        if (_transactions.Handle(datagram, remote, now) is not null) _keepAlive.Advance(now);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        _transactions.HandleTimeout(now);
        _keepAlive.Advance(now);
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit) => _transactions.TryTransmit(buffer, now, out transmit);

    internal StunBinding Ask(UdpEndpoint server, StunSchedule schedule, Instant now)
    {
        _servers.Add(server);
        return _transactions.Start(server, schedule, now);
    }

    /// <summary>Asks a server to write to another port of ours, and from where nobody expects it.</summary>
    internal StunBinding AskBack(StunTester tester, ushort port, Instant now)
    {
        _servers.Add(tester.Server);
        return _transactions.Start(tester.Server, new StunDetour(StunChange.AddressAndPort, port), tester.Other, StunSchedule.Verdict(tester.Patience), now);
    }

    internal void AbandonAll() => _transactions.AbandonAll();
}
