using System.Runtime.CompilerServices;
using P2PCopy.EndToEnd.Lab;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>A test with the reference UDT library; it is skipped with the reason where that is missing, unless under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InteropFactAttribute : FactAttribute
{
    public InteropFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!Requirements.MissingIsFailure) Skip = Requirements.MissingForReferenceLibrary;
    }
}

/// <summary>As <see cref="InteropFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InteropTheoryAttribute : TheoryAttribute
{
    public InteropTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!Requirements.MissingIsFailure) Skip = Requirements.MissingForReferenceLibrary;
    }
}
