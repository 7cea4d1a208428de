using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.House;

/// <summary>
/// The guard of docs/decisions/0002 works: a project under the rules of this repository that reads a clock outside of an IO folder
/// does not build, and the same line inside one does.
/// </summary>
public sealed class PurityGuardTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly string[] Rules =
        [".editorconfig", "BannedSymbols.txt", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    private readonly string _root = Directory.CreateTempSubdirectory("p2pcopy-purity").FullName;

    [Fact]
    public async Task A_clock_outside_of_an_io_folder_breaks_the_build()
    {
        foreach (var rule in Rules) File.Copy(Path.Combine(Repository.Root, rule), Path.Combine(_root, rule));
        Write("src/Probe/Probe.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        Write("src/Probe/Machine.cs", Clock("Probe", "Machine"));
        Write("src/Probe/IO/Clock.cs", Clock("Probe.IO", "Clock"));

        using var build = RealProcess.Start("dotnet", "build", Path.Combine(_root, "src/Probe"), "-v", "quiet", "--nologo", "--disable-build-servers");
        build.EndInput();
        var exitCode = await build.WaitForExitAsync(Limit);

        Assert.NotEqual(0, exitCode);
        var errors = build.Transcript.Split('\n').Where(line => line.Contains("error ", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Contains("RS0030", error));
        Assert.All(errors, error => Assert.Contains("Machine.cs", error));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Clock(string space, string type) => $$"""
        namespace {{space}};

        internal static class {{type}}
        {
            public static long Read() => System.Diagnostics.Stopwatch.GetTimestamp();
        }

        """;

    private void Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
