using P2PCopy.EndToEnd.Lab;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.Bench;

/// <summary>OpenSSH on one machine of the lab, for a user who has its key: what scp and rsync talk to.</summary>
internal sealed class SshServer
{
    private const int Port = 2222;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly RealProcess _process;

    private SshServer(string folder, RealProcess process) => (_folder, _process) = (folder, process);

    /// <summary>The options with which a client reaches it.</summary>
    public string[] ClientOptions =>
        ["-q", "-i", Path.Combine(_folder, "user"), "-o", $"Port={Port}", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"];

    /// <summary>Starts it.</summary>
    public static async Task<SshServer> StartAsync(LabNamespace machine, string address)
    {
        var folder = machine.Lab.AddFolder("ssh");
        foreach (var key in (string[])["host", "user"]) RealProcess.Run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, key)]);
        var settings = Path.Combine(folder, "settings");
        await File.WriteAllTextAsync(settings, $"""
            Port {Port}
            ListenAddress {address}
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/user.pub
            PidFile none
            StrictModes no
            UsePAM no
            Subsystem sftp internal-sftp

            """);

        // What it drops its rights into; the package makes it where it starts the service.
        Directory.CreateDirectory("/run/sshd");
        var process = Trial.StartCommand(machine, "/usr/sbin/sshd", "-D", "-e", "-f", settings);
        await process.WaitForWordsAsync("Server listening", Limit);
        return new SshServer(folder, process);
    }

    /// <summary>Ends it; the line of what it has cost.</summary>
    public Task<string> StopAsync()
    {
        _process.EndInput();
        return _process.WaitForLineAsync("ran ", Limit);
    }
}
