using P2PCopy.Cli.Commands;

namespace P2PCopy.Tests.Cli;

public sealed class HelpDocumentTests
{
    [Theory]
    [InlineData("")]
    [InlineData("sender ")]
    [InlineData("receiver ")]
    [InlineData("nat ")]
    [InlineData("demo ")]
    [InlineData("bench ")]
    public async Task The_document_shows_what_the_program_prints(string command)
    {
        using var terminal = new FakeTerminal();
        await CommandLine.RunAsync((command + "--help").Split(' '), terminal.Surroundings(false), TestContext.Current.CancellationToken);
        var document = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "docs", "cli.md"), TestContext.Current.CancellationToken);

        var page = string.Join('\n', terminal.Output.Split('\n').Select(line => line.TrimEnd())).Trim();

        Assert.Contains($"```text\n$ p2pcopy {command}--help\n{page}\n```", document, StringComparison.Ordinal);
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "p2pcopy.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
