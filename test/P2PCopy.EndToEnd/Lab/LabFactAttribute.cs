using System.Runtime.CompilerServices;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>A test in network namespaces; it is skipped with the reason where these cannot be made, unless under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LabFactAttribute : FactAttribute
{
    public LabFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!Requirements.MissingIsFailure) Skip = Requirements.MissingForLab;
    }
}

/// <summary>As <see cref="LabFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LabTheoryAttribute : TheoryAttribute
{
    public LabTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!Requirements.MissingIsFailure) Skip = Requirements.MissingForLab;
    }
}
