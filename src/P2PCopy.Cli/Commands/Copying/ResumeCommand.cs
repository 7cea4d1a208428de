using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>The command line that goes on with a copy that broke, ready to be pasted into a shell.</summary>
internal static class ResumeCommand
{
    /// <summary>The sender's.</summary>
    public static string OfSender(SendRequest request) =>
        string.Join(' ', ["p2pcopy sender", .. request.Paths.Select(path => $"--file {Quoted(Path.GetFullPath(path))}"), .. request.WithLinks ? ["--links"] : Array.Empty<string>(),
            .. request.RenamesUnsafe ? ["--rename-unsafe"] : Array.Empty<string>()]);

    /// <summary>The receiver's.</summary>
    public static string OfReceiver(ReceiveOptions options) => string.Join(
        ' ',
        new[]
        {
            $"p2pcopy receiver {Quoted(Path.GetFullPath(options.Folder))}",
            options.Existing switch { ExistingFile.Overwrite => "--overwrite", ExistingFile.Skip => "--skip", _ => "" },
            options.AllowLinks ? "--links" : "",
            options.AllowSensitive ? "--allow-sensitive" : "",
        }.Where(word => word.Length > 0));

    private static string Quoted(string path)
    {
        if (path.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '\\' or '.' or '-' or '_' or ':')) return path;
        return OperatingSystem.IsWindows() ? $"\"{path}\"" : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }
}
