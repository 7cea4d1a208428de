using System.Globalization;
using System.Security.Cryptography;

namespace P2PCopy.Simulation;

/// <summary>
/// The seeds that a scenario runs with. As a rule they are those that it names: kept failures, so that a run is the same everywhere. The
/// variable <c>P2PCOPY_SEED</c> replaces them by the one that a failure printed, or, when it is <c>fresh</c>, adds new ones.
/// </summary>
public static class SimulationSeeds
{
    private const string Variable = "P2PCOPY_SEED";
    private const int FreshSeeds = 5;

    /// <summary>The seeds of this run.</summary>
    /// <param name="kept">The seeds of every ordinary run.</param>
    /// <exception cref="FormatException">The variable is neither a seed nor <c>fresh</c>.</exception>
    public static IReadOnlyList<ulong> From(params ulong[] kept) => From(Environment.GetEnvironmentVariable(Variable), kept);

    /// <summary>The seeds for a value of the variable.</summary>
    public static IReadOnlyList<ulong> From(string? wish, ulong[] kept) => wish switch
    {
        null or "" => kept,
        "fresh" => [.. kept, .. Enumerable.Range(0, FreshSeeds).Select(_ => Fresh())],
        _ => [ulong.TryParse(wish, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new FormatException($"{Variable} is a number or \"fresh\", not {wish}")],
    };

    private static ulong Fresh()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
