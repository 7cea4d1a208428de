using P2PCopy.EndToEnd.Lab;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>A small file system of its own in memory, to be filled up or made read-only.</summary>
internal sealed class Tmpfs : IDisposable
{
    public Tmpfs(int megabytes)
    {
        Folder = new TemporaryFolder();
        RealProcess.Run("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Folder.Path]);
    }

    public TemporaryFolder Folder { get; }

    public void MakeReadOnly() => RealProcess.Run("mount", ["-o", "remount,ro", Folder.Path]);

    /// <summary>Removes a file, and its room is free at once.</summary>
    public void Remove(string name)
    {
        // A child of another test may hold a copy of it, between its fork and its exec; then a name that is gone frees nothing yet.
        File.WriteAllBytes(Folder[name], []);
        File.Delete(Folder[name]);
    }

    public void Dispose()
    {
        // A child of another test may hold a copy of a file of it, between its fork and its exec.
        RealProcess.Run("umount", ["-l", Folder.Path]);
        Folder.Dispose();
    }
}

/// <summary>A test that mounts a file system; skipped with the reason without the privilege, unless under CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute(
        [System.Runtime.CompilerServices.CallerFilePath] string? file = null,
        [System.Runtime.CompilerServices.CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (!Requirements.MissingIsFailure && !(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)) Skip = "mounting needs root on Linux";
    }
}
