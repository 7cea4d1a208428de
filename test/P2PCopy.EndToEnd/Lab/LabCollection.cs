namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// Tests of the lab and of interop that need the machine's cores for themselves run alone, one after another. Those that mostly wait,
/// and whose limits are generous, run beside the others.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LabCollection
{
    public const string Name = "Lab";
}
