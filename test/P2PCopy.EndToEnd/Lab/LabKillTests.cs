using P2PCopy.EndToEnd.Cli;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>One of two machines loses its program at a random moment of a copy between them.</summary>
[Collection(LabCollection.Name)]
public sealed class LabKillTests : IDisposable
{
    private readonly NetworkLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [LabFact]
    public async Task A_copy_that_is_killed_at_any_moment_on_either_machine_ends_identical_and_touches_nothing_else()
    {
        var (one, other) = LabTopology.AddIsland(_lab);
        var copies = new KilledCopies(_lab.AddFolder("files"), command => Run(one, command), command => Run(other, command));
        foreach (var line in await copies.RunAsync(KilledCopies.Rounds(few: 2))) TestContext.Current.TestOutputHelper?.WriteLine(line);

        static ProgramRun Run(LabHost host, string[] command) => new(host.Machine.Start(command[0], command[1..]));
    }
}
