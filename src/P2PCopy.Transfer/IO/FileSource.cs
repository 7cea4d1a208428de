using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;
using P2PCopy.Transfer.IO.Unix;
using P2PCopy.Transfer.Sending;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.IO;

/// <summary>A regular file, open for reading only. Its size is taken once; exactly so many bytes are sent.</summary>
/// <example><code>
/// if (!FileSource.TryOpen(path, out var source, out var failure)) return Fail(failure.Sentence);
/// using (source) ...
/// </code></example>
public sealed class FileSource : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly DateTime _modified;

    private FileSource(string path, SafeFileHandle file)
    {
        _file = file;
        Path = path;
        Size = RandomAccess.GetLength(file);
        _modified = File.GetLastWriteTimeUtc(file);
    }

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>The file's name without folders.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Its size in bytes when it was opened.</summary>
    public long Size { get; }

    /// <summary>Opens a file to send. Folders, pipes and devices are refused, without waiting for them.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="source">The open file.</param>
    /// <param name="failure">Otherwise why not, of kind <see cref="OutcomeKind.SourceFailed"/>.</param>
    public static bool TryOpen(
        string path,
        [NotNullWhen(true)] out FileSource? source,
        [NotNullWhen(false)] out CopyOutcome? failure)
    {
        ArgumentNullException.ThrowIfNull(path);
        source = null;
        SafeFileHandle? file = null;
        try
        {
            var ending = Open(path, out file);
            if (ending is null) source = new FileSource(path, file!);
            failure = ending is null ? null : CopyOutcome.From(ending);
        }
        catch (Exception error) when (IsFileError(error))
        {
            failure = CopyOutcome.From(SourceEndings.NotReadable(path, DisplayText.Escape(error.Message)));
        }

        if (source is null) file?.Dispose();
        return failure is null && source is not null;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Reads until the buffer is full or the file ends, which it may do earlier than it was long.</summary>
    internal int Read(long offset, Span<byte> buffer, out Ending? failure)
    {
        failure = null;
        var total = 0;
        try
        {
            while (total < buffer.Length)
            {
                var count = RandomAccess.Read(_file, buffer[total..], offset + total);
                if (count == 0) break;
                total += count;
            }
        }
        catch (Exception error) when (IsFileError(error))
        {
            failure = SourceEndings.ReadFailed(Path, DisplayText.Escape(error.Message));
        }

        return total;
    }

    /// <summary>What the user should know about the file's fate while it was sent, or null.</summary>
    internal string? ChangeNote()
    {
        try
        {
            var size = RandomAccess.GetLength(_file);
            if (size > Size) return $"The file grew to {DisplayText.Size(size)} while it was sent; the first {DisplayText.Size(Size)} were copied.";
            if (size < Size) return "The file became shorter while it was sent; its former length was copied.";
            return File.GetLastWriteTimeUtc(_file) == _modified ? null : "The file was changed while it was sent; the copy may mix old and new content.";
        }
        catch (Exception error) when (IsFileError(error))
        {
            return null;
        }
    }

    private static Ending? Open(string path, out SafeFileHandle? file)
    {
        file = null;
        if (Directory.Exists(path)) return SourceEndings.Folder(path);
        if (!System.IO.Path.Exists(path)) return SourceEndings.Missing(path);
        if (OperatingSystem.IsWindows())
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        else
        {
            file = RegularFile.Open(path, out var error);
            if (file is null) return SourceEndings.NotReadable(path, error);
            if (RegularFile.OtherKind(file) is { } kind) return SourceEndings.NotRegular(path, kind);
        }

        // A pipe or a terminal has no positions; this holds on every system.
        return CanSeek(file) ? null : SourceEndings.NotRegular(path, "a stream");
    }

    private static bool CanSeek(SafeFileHandle file)
    {
        try
        {
            return RandomAccess.GetLength(file) >= 0;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static bool IsFileError(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or System.Security.SecurityException;
}
