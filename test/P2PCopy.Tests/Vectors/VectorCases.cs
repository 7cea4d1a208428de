using P2PCopy.Tests.House;

namespace P2PCopy.Tests.Vectors;

/// <summary>
/// A golden file of <c>vectors/</c> that holds values instead of datagrams: blocks of <c>key: value</c> lines with an empty line between
/// them. The first says what is expected and why; each of the others begins with <c>case</c>, and its values are bytes in hex.
/// </summary>
internal sealed class VectorCases
{
    private VectorCases(string expect, string why, IReadOnlyList<VectorCase> cases)
    {
        Expect = expect;
        Why = why;
        Cases = cases;
    }

    /// <summary>The names of all such files, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Repository.Files("vectors", "*.txt").Where(path => !VectorFile.HasDatagrams(path)).Select(path => path["vectors/".Length..^".txt".Length])];

    /// <summary>What must come out.</summary>
    public string Expect { get; }

    /// <summary>Why this is worth keeping.</summary>
    public string Why { get; }

    public IReadOnlyList<VectorCase> Cases { get; }

    /// <summary>The case of that name.</summary>
    public VectorCase this[string name] => Cases.Single(one => one.Name == name);

    /// <summary>Reads <c>vectors/NAME.txt</c>.</summary>
    /// <exception cref="FormatException">A line is no pair of key and value, or a block is not what it must be.</exception>
    public static VectorCases Load(string name) => Parse(name, Repository.Read($"vectors/{name}.txt"));

    /// <summary>Reads the text of such a file.</summary>
    public static VectorCases Parse(string name, string text)
    {
        var blocks = text.TrimEnd('\n').Split("\n\n").Select(block => ParseBlock(name, block)).ToArray();
        var cases = blocks[1..].Select(block => new VectorCase(block)).ToArray();
        return new VectorCases(blocks[0]["expect"], blocks[0]["why"], cases);
    }

    private static Dictionary<string, string> ParseBlock(string name, string block)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in block.Split('\n').Where(line => !line.StartsWith('#')))
        {
            if (line.Split(": ", 2) is not [var key, var value] || !values.TryAdd(key, value))
                throw new FormatException($"{name}: not a value: {line}");
        }

        return values;
    }
}
