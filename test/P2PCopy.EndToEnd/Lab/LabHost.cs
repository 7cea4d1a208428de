using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>A user's machine.</summary>
/// <param name="Machine">Its namespace.</param>
/// <param name="Address">Its own IPv4 address.</param>
/// <param name="PublicAddress">The IPv4 address that the internet sees.</param>
/// <param name="Routers">The routers in front of it, its own first; none for a machine with a public address.</param>
internal sealed record LabHost(LabNamespace Machine, string Address, string PublicAddress, IReadOnlyList<LabNamespace> Routers)
{
    // Wide enough for every line.
    private const int TerminalColumns = 250;

    /// <summary>Starts our program here; it ends with the lab.</summary>
    public ProgramRun StartProgram(params IEnumerable<string> words) => new(Machine.Start(ProgramRun.File, words));

    /// <summary>Starts it here in front of a user at a terminal.</summary>
    public ProgramRun StartProgramInTerminal(params IEnumerable<string> words)
    {
        var (file, arguments) = ProgramRun.InTerminal(TerminalColumns, words);
        return new(Machine.Start(file, arguments));
    }

    /// <summary>Starts it behind a shell command that prepares its view of the disks and is over before it: mounts end with it.</summary>
    public ProgramRun StartProgramAfter(string preparation, params IEnumerable<string> words) =>
        new(Machine.Start("unshare", ["--mount", "sh", "-c", $"{preparation} && exec \"$0\" \"$@\"", ProgramRun.File, .. words]));
}
