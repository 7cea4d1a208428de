using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.House;

/// <summary>The script that runs the program from a clone.</summary>
public sealed class LauncherTests : IDisposable
{
    private const string Building = "p2pcopy: building";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcopy-launcher").FullName;

    [Fact]
    public async Task Through_a_link_it_finds_the_program_and_ends_with_its_exit_code()
    {
        var link = Path.Combine(_folder, "copy");
        File.CreateSymbolicLink(link, Path.Combine(Repository.Root, "p2pcopy"));

        using var nonsense = RealProcess.Start(link, "there-is-no-such-command");
        nonsense.EndInput();

        Assert.Equal(1, await nonsense.WaitForExitAsync(Limit));
    }

    // The tests themselves run what it makes where a linker is there.
    [Fact]
    public async Task In_a_fresh_clone_two_launches_at_once_build_once_and_without_a_linker_what_runs_on_dotnet()
    {
        var clone = Path.Combine(_folder, "a clone");
        CopyClone(clone);
        var path = PathWithoutLinkers();
        RealProcess Launch() => RealProcess.Start("env", $"PATH={path}", Path.Combine(clone, "p2pcopy"), "--version");

        using var first = Launch();
        using var second = Launch();
        RealProcess[] both = [first, second];
        foreach (var launch in both) launch.EndInput();
        foreach (var launch in both) Assert.Equal(0, await launch.WaitForExitAsync(Limit));

        Assert.All(both, launch => Assert.Contains("\np2pcopy ", launch.Transcript));
        Assert.Single(both, launch => launch.Transcript.Contains(Building, StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(clone, "artifacts", "program", "p2pcopy.dll")), first.Transcript);

        using var later = Launch();
        later.EndInput();
        Assert.Equal(0, await later.WaitForExitAsync(Limit));
        Assert.DoesNotContain(Building, later.Transcript);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathWithoutLinkers()
    {
        var tools = Directory.CreateDirectory(Path.Combine(_folder, "tools")).FullName;
        var all = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Where(Directory.Exists).SelectMany(Directory.EnumerateFiles);
        foreach (var tool in all.Where(tool => !IsLinker(Path.GetFileName(tool))).DistinctBy(Path.GetFileName))
            File.CreateSymbolicLink(Path.Combine(tools, Path.GetFileName(tool)), tool);
        return tools;
    }

    private static bool IsLinker(string tool) => tool.StartsWith("gcc", StringComparison.Ordinal) || tool.StartsWith("clang", StringComparison.Ordinal);

    private static void CopyClone(string target)
    {
        string[] single = ["p2pcopy", ".editorconfig", "BannedSymbols.txt", "Directory.Build.props", "Directory.Packages.props", "global.json"];
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
        foreach (var path in single.Concat(sources))
        {
            var copy = Path.Combine(target, path);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Repository.Root, path), copy);
        }
    }
}
