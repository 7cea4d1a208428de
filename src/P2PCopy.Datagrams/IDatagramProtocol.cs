namespace P2PCopy.Datagrams;

/// <summary>
/// A protocol as a pure machine: datagrams and time go in; datagrams, events and a deadline come out. It holds no socket, clock,
/// lock or thread, so one driver, one multiplexer and one simulator serve every protocol, and a run is a function of its inputs.
/// </summary>
/// <remarks>
/// The caller's loop is always the same: give one input (<see cref="Handle"/>, <see cref="HandleTimeout"/> or a command of the
/// machine's own), drain <see cref="TryTransmit"/> and the machine's own events until they answer <see langword="false"/>, then wait
/// until <see cref="NextTimeout"/>. Time never goes backwards between calls.
/// </remarks>
/// <example><code>
/// machine.Handle(datagram, remote, now);
/// while (machine.TryTransmit(buffer, now, out var transmit)) Send(buffer[..transmit.Length], transmit.Destination);
/// WaitUntil(machine.NextTimeout);
/// </code></example>
public interface IDatagramProtocol
{
    /// <summary>Whether this datagram is for this machine. Called by <see cref="ProtocolMux"/>; must not change state.</summary>
    bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote);

    /// <summary>A datagram arrived. Malformed or hostile bytes are dropped and counted, never thrown on.</summary>
    void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now);

    /// <summary>Time passed. Harmless when no deadline has been reached.</summary>
    void HandleTimeout(Instant now);

    /// <summary>
    /// Writes the next datagram that may leave now into <paramref name="buffer"/> (at least as long as the largest datagram of the
    /// protocol). <see langword="false"/>: nothing to send before the next input or <see cref="NextTimeout"/>.
    /// </summary>
    bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit);

    /// <summary>When to call <see cref="HandleTimeout"/> and drain again; <see cref="Instant.Never"/> when idle.</summary>
    Instant NextTimeout { get; }
}
