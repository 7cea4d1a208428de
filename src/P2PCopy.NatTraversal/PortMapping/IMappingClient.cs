using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>One way to ask a router for a port. Who uses several decides when each of them asks.</summary>
internal interface IMappingClient
{
    /// <summary>Which way it is.</summary>
    PortMappingProtocols Protocol { get; }

    /// <summary>How far it has come.</summary>
    MappingState State { get; }

    /// <summary>For how long a grant is taken to hold without asking again, however long it was given for.</summary>
    TimeSpan LongestTrust { get; }

    /// <summary>When to call <see cref="HandleTimeout"/> again.</summary>
    Instant NextTimeout { get; }

    /// <summary>Asks for the port, or for more time; a router that has forgotten knows it again by that.</summary>
    void Ask(Instant now);

    /// <summary>Asks no more: another way has brought the port. What this one may have made all the same is still to be taken back.</summary>
    void Rest();

    /// <summary>Takes back what was asked for, be it granted or not answered yet.</summary>
    void Delete(Instant now);

    /// <summary>Time passed.</summary>
    void HandleTimeout(Instant now);

    /// <summary>Writes the next datagram that is due.</summary>
    bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit);
}
