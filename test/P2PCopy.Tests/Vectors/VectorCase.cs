namespace P2PCopy.Tests.Vectors;

/// <summary>One case of <see cref="VectorCases"/>.</summary>
internal sealed class VectorCase(IReadOnlyDictionary<string, string> values)
{
    public string Name { get; } = values["case"];

    /// <summary>The keys of its values, in order.</summary>
    public IEnumerable<string> Keys => values.Keys.Where(key => key != "case");

    /// <summary>A value as it is written.</summary>
    public string this[string key] => values[key];

    public bool Has(string key) => values.ContainsKey(key);

    public byte[] Bytes(string key) => Convert.FromHexString(values[key]);
}
