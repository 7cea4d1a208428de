using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>What the user wants to send, as the command line says it.</summary>
internal sealed record SendRequest
{
    /// <summary>The word for standard input.</summary>
    public const string StandardInput = "-";

    private const string DefaultStreamName = "stdin";

    /// <summary>Files and folders, or <see cref="StandardInput"/> alone.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>A text to show, instead of files.</summary>
    public string? Text { get; init; }

    /// <summary>The name that a stream gets at the receiver.</summary>
    public string? Name { get; init; }

    /// <summary>Whether symbolic links are sent as links.</summary>
    public bool WithLinks { get; init; }

    /// <summary>Whether names that some system does not take are replaced.</summary>
    public bool RenamesUnsafe { get; init; }

    /// <summary>Whether the content comes from standard input.</summary>
    public bool IsStream => Paths is [StandardInput];

    /// <summary>The one file of it, where it is no more than a file: all that the original's wire can carry.</summary>
    public string? SingleFile => Paths.Count == 1 && !IsStream && !Directory.Exists(Paths[0]) ? Paths[0] : null;

    /// <summary>Opens it.</summary>
    /// <param name="input">Standard input as bytes, for a stream.</param>
    /// <exception cref="CommandFailedException">There is no such thing, or it cannot be read.</exception>
    public TreeSource Open(Stream input)
    {
        if (Text is not null) return TreeSource.OfText(Text);
        if (IsStream) return TreeSource.OfStream(input, Name ?? DefaultStreamName);
        if (TreeSource.TryOpen(Paths, WithLinks, out var source, out var failure, RenamesUnsafe)) return source;
        throw new CommandFailedException(new ErrorReport(CopyEnd.CodeOf(failure.Kind), failure.What, failure.Why, failure.Next));
    }

    /// <summary>What is sent, for sentences.</summary>
    public static string Describe(TreeSource source) => source switch
    {
        { IsText: true } => "the text",
        { IsStream: true } => $"standard input as {DisplayText.Escape(source.Names[0])}",
        { Entries: 1 } => CopyEnd.Describe(source.Names[0], source.TotalBytes),
        { Files: 1, Names.Count: 1 } => $"{DisplayText.Escape(source.Names[0])} (one file, {DisplayText.Size(source.TotalBytes)})",
        _ => $"{CopyEnd.Count(source.Files, "file")}, {DisplayText.Size(source.TotalBytes)}: {Names(source)}",
    };

    private static string Names(TreeSource source)
    {
        const int Shown = 3;
        var more = source.Names.Count > Shown ? ", ..." : "";
        return string.Join(", ", source.Names.Take(Shown).Select(name => DisplayText.Escape(name, 60))) + more;
    }
}
