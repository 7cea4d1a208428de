namespace P2PCopy.EndToEnd.Processes;

/// <summary>Where this project lies on the disk, for tests that need more of it than their own assembly.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "p2pcopy.slnx"))) return folder.FullName;
        throw new InvalidOperationException($"No p2pcopy.slnx above {AppContext.BaseDirectory}.");
    }
}
