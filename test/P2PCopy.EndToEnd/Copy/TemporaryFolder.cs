namespace P2PCopy.EndToEnd.Copy;

/// <summary>A folder of its own for a test, removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("p2pcopy-test-").FullName;

    /// <summary>Names of everything in it, in order.</summary>
    public string[] Names => [.. Directory.EnumerateFileSystemEntries(Path).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>A file of that many bytes that never repeat in step with a block.</summary>
    public string Write(string name, long bytes)
    {
        var random = new Random(Seed: 7);
        using var file = File.Create(this[name]);
        var buffer = new byte[1 << 20];
        for (var rest = bytes; rest > 0; rest -= buffer.Length)
        {
            random.NextBytes(buffer);
            file.Write(buffer.AsSpan(0, (int)Math.Min(rest, buffer.Length)));
        }

        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
