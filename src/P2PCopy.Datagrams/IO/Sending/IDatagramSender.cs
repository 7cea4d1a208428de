namespace P2PCopy.Datagrams.IO.Sending;

/// <summary>Gives datagrams to the socket.</summary>
internal interface IDatagramSender
{
    /// <summary>Sends a train: datagrams of one size that lie one behind the other, the last of which may be shorter.</summary>
    /// <param name="train">All their bytes.</param>
    /// <param name="datagramBytes">The size of each but the last.</param>
    /// <param name="destination">Where they go.</param>
    /// <returns>How many of them the system refused. They count as lost.</returns>
    int Send(ReadOnlySpan<byte> train, int datagramBytes, UdpEndpoint destination);
}
