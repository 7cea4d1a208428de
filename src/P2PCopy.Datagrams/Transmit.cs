namespace P2PCopy.Datagrams;

/// <summary>One datagram that a machine wrote into the buffer it was lent.</summary>
/// <param name="Length">Bytes written, at least 1.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="TimeToLive">The IP TTL (hop limit) to send it with, 1–255; 0 keeps the socket's own.</param>
/// <param name="DontFragment">Whether it must arrive in one piece or not at all; for finding the largest packet of a path.</param>
public readonly record struct Transmit(int Length, UdpEndpoint Destination, byte TimeToLive = 0, bool DontFragment = false);
