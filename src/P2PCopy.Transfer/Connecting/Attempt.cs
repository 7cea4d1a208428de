using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Connecting;

/// <summary>One planned try to meet the peer.</summary>
/// <param name="Number">Counts the tries from 0.</param>
/// <param name="WaitSeconds">The wait before it as a user is told, 1–10 s; 0 when it starts at once.</param>
/// <param name="Begin">When to start it.</param>
/// <param name="End">When to give it up.</param>
public readonly record struct Attempt(int Number, int WaitSeconds, Instant Begin, Instant End);
