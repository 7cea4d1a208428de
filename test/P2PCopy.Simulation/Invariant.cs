namespace P2PCopy.Simulation;

/// <summary>What must hold after every step of a simulation.</summary>
/// <param name="Name">What a failure is called, as a sentence that should be true.</param>
/// <param name="Holds">Whether it is. Runs after each step, so it must be quick and change nothing.</param>
public sealed record Invariant(string Name, Func<bool> Holds);
