using System.Globalization;
using P2PCopy.Tests.House;

namespace P2PCopy.Tests.Vectors;

/// <summary>
/// A golden file of <c>vectors/</c>: <c>key: value</c> lines that say what is expected and why, an empty line, then one datagram a
/// line: seconds, direction, bytes. Lines that begin with <c>#</c> are comments.
/// </summary>
internal sealed class VectorFile
{
    private readonly Dictionary<string, string> _headers;

    private VectorFile(string name, Dictionary<string, string> headers, IReadOnlyList<VectorDatagram> datagrams)
    {
        Name = name;
        _headers = headers;
        Datagrams = datagrams;
    }

    /// <summary>The file's name without its ending, as given to <see cref="Load"/>.</summary>
    public string Name { get; }

    /// <summary>What the datagrams show or what must come out of them.</summary>
    public string Expect => _headers["expect"];

    /// <summary>Why this case is worth keeping.</summary>
    public string Why => _headers["why"];

    /// <summary>Who A and B are.</summary>
    public string Peers => _headers["peers"];

    /// <summary>The datagrams in the order in which they were seen.</summary>
    public IReadOnlyList<VectorDatagram> Datagrams { get; }

    /// <summary>The names of all captured sessions, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Repository.Files("vectors", "*.txt").Where(HasDatagrams).Select(path => path["vectors/".Length..^".txt".Length])];

    /// <summary>One header line's value, or <see langword="null"/>.</summary>
    public string? Header(string key) => _headers.GetValueOrDefault(key);

    /// <summary>Reads <c>vectors/NAME.txt</c>.</summary>
    /// <exception cref="FormatException">A line is neither header nor datagram; the message names it.</exception>
    public static VectorFile Load(string name) => Parse(name, Repository.Read($"vectors/{name}.txt"));

    /// <summary>Reads the text of a vector file.</summary>
    public static VectorFile Parse(string name, string text)
    {
        var lines = text.TrimEnd('\n').Split('\n');
        var headers = new Dictionary<string, string>();
        var line = 0;
        for (; line < lines.Length && lines[line].Length > 0; line++)
        {
            if (lines[line].Split(": ", 2) is not [var key, var value] || !headers.TryAdd(key, value))
                throw new FormatException($"{name}, line {line + 1}: not a header: {lines[line]}");
        }

        var datagrams = new List<VectorDatagram>();
        for (line++; line < lines.Length; line++)
        {
            if (lines[line].StartsWith('#')) continue;
            datagrams.Add(ParseDatagram(lines[line]) ?? throw new FormatException($"{name}, line {line + 1}: not a datagram: {lines[line]}"));
        }

        return new VectorFile(name, headers, datagrams);
    }

    /// <summary>Datagrams have peers; the files of <see cref="VectorCases"/> have none.</summary>
    internal static bool HasDatagrams(string path) => Repository.Read(path).Contains("\npeers: ", StringComparison.Ordinal);

    private static VectorDatagram? ParseDatagram(string line)
    {
        if (line.Split(' ') is not [var seconds, ("A>B" or "B>A") and var direction, var payload]) return null;
        if (!decimal.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time)) return null;

        var parts = payload.Split("..+");
        var truncated = 0;
        if (parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out truncated))) return null;
        if (parts[0].Length % 2 != 0 || !parts[0].All(char.IsAsciiHexDigitLower)) return null;
        return new VectorDatagram(TimeSpan.FromTicks((long)(time * TimeSpan.TicksPerSecond)), direction == "A>B", Convert.FromHexString(parts[0]), truncated);
    }
}
