namespace P2PCopy.Simulation;

/// <summary>A simulation broke a rule or missed its goal. The message has all that is needed to see it again.</summary>
public sealed class SimulationException : Exception
{
    internal SimulationException(string message, Exception? cause) : base(message, cause)
    {
    }
}
