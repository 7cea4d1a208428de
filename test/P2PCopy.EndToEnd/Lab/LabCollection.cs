namespace P2PCopy.EndToEnd.Lab;

/// <summary>Tests of the lab and of interop run alone, one after another: they need the machine's cores for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LabCollection
{
    public const string Name = "Lab";
}
