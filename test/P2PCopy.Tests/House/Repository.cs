using System.Diagnostics;

namespace P2PCopy.Tests.House;

/// <summary>The clone these tests were built from: its text files are tested like code.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution file, above the test program.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Set by <c>./dev accept</c>: snapshots are rewritten instead of compared.</summary>
    public static bool Accepting => Environment.GetEnvironmentVariable("P2PCOPY_ACCEPT") is "1";

    /// <summary>The full path of a file or folder, given with <c>/</c> from the root.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>A text file with line ends as <c>\n</c>.</summary>
    public static string Read(string relative) =>
        File.ReadAllText(PathOf(relative)).Replace("\r\n", "\n", StringComparison.Ordinal);

    /// <summary>The files below a folder that belong to the repository, as paths from the root with <c>/</c>, in order.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "artifacts" or ".git"))
            .Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "p2pcopy.slnx"))) return folder.FullName;
        throw new UnreachableException("the tests run inside the clone they were built from");
    }
}
