using System.CommandLine;
using System.Security.Cryptography;
using P2PCopy.Cli.Commands.Demo;
using P2PCopy.Cli.Terminal;
using P2PCopy.NatTraversal.IO;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands;

/// <summary><c>p2pcopy demo</c>: the whole way of a file on this one computer, with real processes and real packets.</summary>
internal sealed class DemoCommand
{
    private const int MadeBytes = 64 << 20;

    private readonly Option<string?> _file = new(SendCommand.FileName) { HelpName = "PATH", Description = "Copy this file instead of 64 MB of random data." };

    /// <summary>Builds the command.</summary>
    public Command Create(Surroundings surroundings)
    {
        var command = new Command(
            "demo", "Run both peers, a STUN server and a time server on this computer, and copy a file the whole way. Needs no internet.");
        command.Add(_file);
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(_file), new Screen(surroundings, Verbosity.Normal), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? path, Screen screen, CancellationToken cancellation)
    {
        if (path is not null && !File.Exists(path))
            throw new CommandFailedException(new ErrorReport(
                ExitCode.NoSuchFile, $"Cannot copy {DisplayText.Escape(path)}.", Directory.Exists(path) ? "It is a folder." : "There is no such file.", "Name a file, or leave --file out."));

        var folder = Directory.CreateTempSubdirectory("p2pcopy-demo-");
        try
        {
            var source = path is null ? await MakeFileAsync(folder, cancellation).ConfigureAwait(false) : new FileInfo(path);
            return (int)await CopyAsync(source, folder.CreateSubdirectory("received"), screen, cancellation).ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<ExitCode> CopyAsync(FileInfo source, DirectoryInfo target, Screen screen, CancellationToken cancellation)
    {
        using var servers = LoopbackServers.Start();
        screen.Note($"STUN server on {servers.Stun}, time server on {servers.Ntp}: the internet of this demonstration.");
        string[] ways = ["--stun", servers.Stun.ToString(), "--ntp", servers.Ntp.ToString(), "--portmap", "off", "--timeout", "60"];
        using var receiver = DemoPeer.Start("receiver", ["receiver", target.FullName, "--yes", .. ways], screen);
        using var sender = DemoPeer.Start("sender  ", ["sender", "--file", source.FullName, .. ways], screen);

        // What two people do by chat.
        var toReceiver = await sender.Address.WaitAsync(cancellation).ConfigureAwait(false);
        var toSender = await receiver.Address.WaitAsync(cancellation).ConfigureAwait(false);
        screen.Note("(each is told the other's line, as two people do in a chat)");
        await receiver.TypeAsync(toReceiver, cancellation).ConfigureAwait(false);
        await sender.TypeAsync(toSender, cancellation).ConfigureAwait(false);

        var codes = await Task.WhenAll(sender.EndAsync(cancellation), receiver.EndAsync(cancellation)).ConfigureAwait(false);
        if (codes.FirstOrDefault(code => code != ExitCode.Done) is var failed && failed != ExitCode.Done)
            throw new CommandFailedException(new ErrorReport(
                failed, "The demonstration did not finish.", "One of its two programs ended with an error, printed above.", "Correct that, or report it."));
        return await CompareAsync(source, target, screen, cancellation).ConfigureAwait(false);
    }

    private static async Task<ExitCode> CompareAsync(FileInfo source, DirectoryInfo target, Screen screen, CancellationToken cancellation)
    {
        var sent = await HashAsync(source, cancellation).ConfigureAwait(false);
        var received = await HashAsync(target.GetFiles().Single(), cancellation).ConfigureAwait(false);
        screen.Result($"SHA-256 sent:     {sent}");
        screen.Result($"SHA-256 received: {received}");
        if (sent != received)
            throw new CommandFailedException(new ErrorReport(
                ExitCode.NotVerified, "The copy differs from the file.", "The file was changed while it was copied, or the program has a fault.", "Run it again with a file that nobody writes to; report it if that fails too."));
        screen.Result($"The copy is identical: {DisplayText.Size(source.Length)} went from one process to the other, encrypted, by UDT over UDP.");
        return ExitCode.Done;
    }

    private static async Task<FileInfo> MakeFileAsync(DirectoryInfo folder, CancellationToken cancellation)
    {
        var file = new FileInfo(Path.Combine(folder.FullName, "random.bin"));
        var stream = file.Create();
        await using (stream.ConfigureAwait(false))
        {
            var block = new byte[1 << 20];
            for (var made = 0; made < MadeBytes; made += block.Length)
            {
                RandomNumberGenerator.Fill(block);
                await stream.WriteAsync(block, cancellation).ConfigureAwait(false);
            }
        }

        file.Refresh();
        return file;
    }

    private static async Task<string> HashAsync(FileInfo file, CancellationToken cancellation)
    {
        var stream = file.OpenRead();
        await using (stream.ConfigureAwait(false))
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation).ConfigureAwait(false));
    }
}
