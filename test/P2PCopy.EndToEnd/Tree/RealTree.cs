using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Tree;

/// <summary>Folders with things as people have them.</summary>
internal static class RealTree
{
    private static readonly string[] Names =
        ["notes.txt", "Ærø og Åse", "Übergrößenträger.tar.gz", "фотографии", "写真 2024", "مجلد", "emoji 🎈", "with  two blanks", "-dash", "a'quote", "dollar$", "UPPER", "upper2",
            "हिन्दी में नाम", "사진"];

    /// <summary>Makes a folder with files of many sizes, empty ones, holes, folders in folders, links; the same for the same seed.</summary>
    public static string Make(string path, int seed, int files = 60)
    {
        var random = new Random(seed);
        var folders = new List<string> { Directory.CreateDirectory(path).FullName };
        foreach (var name in Names.Take(6)) folders.Add(Directory.CreateDirectory(Path.Combine(folders[random.Next(folders.Count)], name)).FullName);
        Directory.CreateDirectory(Path.Combine(path, "empty", "in empty"));
        for (var i = 0; i < files; i++)
        {
            var file = Path.Combine(folders[random.Next(folders.Count)], $"{i} {Names[random.Next(Names.Length)]}");
            var size = random.Next(6) switch { 0 => 0, 1 => random.Next(10), 2 => random.Next(5000), 3 => random.Next(100_000), 4 => 1 << 20, _ => random.Next(2_000_000) };
            var content = new byte[size];
            random.NextBytes(content);
            File.WriteAllBytes(file, content);
            if (!OperatingSystem.IsWindows() && random.Next(4) == 0) File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(random.Next()).AddTicks(random.Next(10_000_000)));
        }

        using (var image = File.Create(Path.Combine(path, "disk.img")))
        {
            image.Write(new byte[300_000].Select(_ => (byte)random.Next()).ToArray());
            image.SetLength(40 << 20);
            image.Position = (23 << 20) + 17;
            image.Write("in the middle of nothing"u8);
        }

        if (!OperatingSystem.IsWindows()) File.CreateSymbolicLink(Path.Combine(path, "link"), "disk.img");
        foreach (var folder in Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Append(path))
            Directory.SetLastWriteTimeUtc(folder, DateTime.UnixEpoch.AddSeconds(random.Next()));
        return path;
    }

    /// <summary>Adds a source tree: this project's own, without what is built of it.</summary>
    public static void AddProject(string path)
    {
        var source = Path.Combine(Repository.Root, "src");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(source, file);
            if (name.Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj")) continue;
            var copy = Path.Combine(path, "project", name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
