namespace P2PCopy.Simulation.Links;

/// <summary>A time in which a link carries nothing: a hand-over between cells, a router that restarts, a lift.</summary>
/// <param name="Start">Since the link came up.</param>
/// <param name="Length">Real: 0.1 s (cell hand-over) to 120 s (router restart).</param>
public readonly record struct BlackOut(TimeSpan Start, TimeSpan Length);
