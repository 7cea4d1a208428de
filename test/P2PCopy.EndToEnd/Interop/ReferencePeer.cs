using System.Globalization;
using System.Security.Cryptography;
using P2PCopy.EndToEnd.Lab;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Interop;

/// <summary>A process that speaks UDT with the C++ reference library: <c>udtpeer.cpp</c>, built where its sources have changed.</summary>
internal sealed class ReferencePeer(RealProcess process) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<string> Program = new(Build);

    public RealProcess Process => process;

    /// <summary>Starts it with the words of its command line, in a machine of the lab or in this one.</summary>
    public static ReferencePeer Start(LabNamespace? machine, params string[] words)
    {
        if (Requirements.MissingForReferenceLibrary is { } missing) throw new InvalidOperationException(missing);
        return new ReferencePeer(machine is null ? RealProcess.Start(Program.Value, words) : machine.Start(Program.Value, words));
    }

    /// <summary>The UDP port that it uses.</summary>
    public async Task<int> ReadPortAsync() =>
        int.Parse((await process.WaitForLineAsync("bound port=", Limit))["bound port=".Length..], CultureInfo.InvariantCulture);

    /// <summary>Waits until it has sent, received and verified everything and has closed; gives its report.</summary>
    public async Task<string> FinishAsync()
    {
        if (await process.WaitForExitAsync(TimeSpan.FromSeconds(180)) is var code && code != 0)
            Assert.Fail($"The reference peer ended with {code}:\n{process.Transcript}");
        return await process.WaitForLineAsync("transferred ", Limit);
    }

    public void Dispose() => process.Dispose();

    private static string Build()
    {
        var sources = Path.Combine(Repository.Root, "test", "P2PCopy.EndToEnd", "Interop");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var source in Directory.GetFiles(sources, "udtpeer*").Order()) hash.AppendData(File.ReadAllBytes(source));
        var folder = Path.Combine(Repository.Root, "artifacts", $"udtpeer-{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
        var program = Path.Combine(folder, "udtpeer");
        if (File.Exists(program)) return program;

        // Another run may build it too; each writes its own file and the rename decides.
        Directory.CreateDirectory(folder);
        var built = $"{program}.{Environment.ProcessId}";
        RealProcess.Run("g++", ["-O2", "-o", built, Path.Combine(sources, "udtpeer.cpp"), "-ludt", "-pthread", "-ldl"]);
        File.Move(built, program, overwrite: true);
        return program;
    }
}
