namespace P2PCopy.Datagrams;

/// <summary>
/// Which sockets a machine needs beside the main one, by their numbers (<see cref="UdpEndpoint.Via"/>): a row of them while it looks for
/// its peer, and one that carries what it found. A socket is opened by the first datagram that goes by it.
/// </summary>
/// <param name="First">The first number of the row, at least 1.</param>
/// <param name="Count">How many there are in the row.</param>
/// <param name="Kept">One more that stays open; 0 for none.</param>
public readonly record struct SocketNeeds(ushort First, ushort Count, ushort Kept)
{
    /// <summary>Whether nothing but the main socket is needed.</summary>
    public bool IsEmpty => Count == 0 && Kept == 0;

    /// <summary>Whether this one is needed; the main socket always is.</summary>
    public bool Include(ushort via) => via == 0 || via == Kept || (via >= First && via - First < Count);
}
