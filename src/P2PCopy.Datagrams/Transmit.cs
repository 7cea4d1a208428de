namespace P2PCopy.Datagrams;

/// <summary>One datagram that a machine wrote into the buffer it was lent.</summary>
/// <param name="Length">Bytes written, at least 1.</param>
/// <param name="Destination">Where it goes.</param>
/// <param name="TimeToLive">The IP TTL (hop limit) to send it with, 1–255; 0 keeps the socket's own.</param>
public readonly record struct Transmit(int Length, UdpEndpoint Destination, byte TimeToLive = 0);
