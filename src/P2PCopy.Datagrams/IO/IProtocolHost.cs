namespace P2PCopy.Datagrams.IO;

/// <summary>Something that machines run on: a UDP socket, or a sealed link that lies on one.</summary>
public interface IProtocolHost
{
    /// <summary>The clock whose instants the machines are given.</summary>
    MonotonicClock Clock { get; }

    /// <summary>The local address and port.</summary>
    UdpEndpoint LocalEndpoint { get; }

    /// <summary>Puts a machine on the host, behind those that are already there.</summary>
    /// <param name="protocol">The machine. From now on it may be touched only inside a turn.</param>
    /// <param name="stepped">Called inside the host's turn, after each step: completes what became possible.</param>
    void Add(IDatagramProtocol protocol, Action<Instant>? stepped = null);

    /// <summary>Takes a machine off the host.</summary>
    void Remove(IDatagramProtocol protocol);

    /// <summary>Gives the caller the machines until the turn is disposed.</summary>
    UdpDriver.Turn EnterTurn();
}
