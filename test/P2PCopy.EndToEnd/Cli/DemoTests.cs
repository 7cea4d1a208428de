using P2PCopy.EndToEnd.Copy;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demonstration_copies_a_file_the_whole_way_and_proves_it()
    {
        using var run = ProgramRun.Start("demo");

        var code = await run.ExitAsync();
        Assert.True(code == 0, run.ToString());
        var output = run.Output;
        var hash = output.Split("SHA-256 sent:     ")[1][..64];
        Assert.Contains($"SHA-256 received: {hash}", output, StringComparison.Ordinal);
        Assert.Contains("sender   | Tell this to your peer: 127.0.0.1:", output, StringComparison.Ordinal);
        Assert.Contains("receiver | Received 64 MB", output, StringComparison.Ordinal);
        Assert.Contains("sender   | Your peer is on this very computer: usually connected within a second.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("What helps", output, StringComparison.Ordinal);
        Assert.Contains("encrypted, peer known by ticket.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_is_one_file_that_works_wherever_it_is_put()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere libsodium lies beside the program");
        using var folder = new TemporaryFolder();
        File.Copy(ProgramRun.File, folder["renamed"]);
        using var run = new ProgramRun(RealProcess.Start(folder["renamed"], "demo"));

        Assert.True(await run.ExitAsync() == 0, run.ToString());
        Assert.Single(folder.Names);
    }

    [Fact]
    public async Task A_file_of_the_users_own_is_copied_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["own.txt"], "mine", TestContext.Current.CancellationToken);

        using var run = ProgramRun.Start("demo", "--file", folder["own.txt"]);

        Assert.Equal(0, await run.ExitAsync());
        Assert.Equal("mine", await File.ReadAllTextAsync(folder["own.txt"], TestContext.Current.CancellationToken));
        Assert.Single(folder.Names);
    }
}
