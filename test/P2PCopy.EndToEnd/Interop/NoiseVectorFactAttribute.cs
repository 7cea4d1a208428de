using System.Runtime.CompilerServices;
using P2PCopy.EndToEnd.Lab;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>A test with the vectors of another Noise; it is skipped with the reason where they are missing, unless under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NoiseVectorFactAttribute : FactAttribute
{
    public NoiseVectorFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!Requirements.MissingIsFailure) Skip = Requirements.MissingForNoiseVectors;
    }
}
