namespace P2PCopy.Tests.House;

/// <summary>A checked-in text that the code must reproduce; <c>./dev accept</c> rewrites it.</summary>
internal static class Snapshot
{
    /// <summary>Compares with the file, or rewrites it.</summary>
    public static void Matches(string path, string actual)
    {
        var full = Repository.PathOf(path);
        if (Repository.Accepting)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(full, actual);
        }

        Assert.True(File.Exists(full), $"{path} does not exist; ./dev accept writes it");
        var expected = Repository.Read(path).Split('\n');
        var lines = actual.Split('\n');
        var gone = expected.Except(lines).Select(line => $"- {line}");
        var added = lines.Except(expected).Select(line => $"+ {line}");
        Assert.True(expected.SequenceEqual(lines), $"{path} differs; when that is wanted, ./dev accept and commit it:\n{string.Join('\n', gone.Concat(added))}");
    }
}
