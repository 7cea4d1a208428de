using System.Text;
using System.Threading.Channels;

namespace P2PCopy.Cli.Terminal;

/// <summary>
/// Lines of standard input that can be waited for and given up. The terminal's own line editing stays on, so pasting and correcting
/// work as everywhere.
/// </summary>
internal sealed class LineInput(Stream stream)
{
    // Longer lines are no answer to any question here; they are cut, and the rest is the next line.
    private const int LongestLine = 4096;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(16) { SingleWriter = true });
    private bool _started;

    /// <summary>
    /// Sees every line before any question does, on the thread that reads, and says whether it took it. While it is set, lines that no
    /// question has room for are dropped, so that it sees the next ones.
    /// </summary>
    public Func<string, bool>? FirstLook { get; set; }

    /// <summary>Waits until there is a line, or the end of the input, and leaves it there.</summary>
    public async Task WaitForLineAsync(CancellationToken cancellation)
    {
        Start();
        await _lines.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The line that there is; <see langword="null"/> at the end of the input, or when it is gone again.</summary>
    public string? ReadLine() => _lines.Reader.TryRead(out var line) ? line : null;

    /// <summary>The next line without its end, or <see langword="null"/> when the input is at its end.</summary>
    public async ValueTask<string?> ReadLineAsync(CancellationToken cancellation)
    {
        Start();
        try
        {
            return await _lines.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            return null;
        }
    }

    /// <summary>Drops what was typed before the question was asked, so that a stray Enter consents to nothing.</summary>
    public void DropTypedAhead()
    {
        while (_lines.Reader.TryRead(out _)) { }
    }

    private void Start()
    {
        if (_started) return;
        _started = true;

        // A read of a terminal cannot be cancelled; the thread stays in it and ends with the process.
        new Thread(ReadAll) { IsBackground = true, Name = "p2pcopy input" }.Start();
    }

    private void ReadAll()
    {
        try
        {
            using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1024, leaveOpen: true);
            var line = new StringBuilder();
            int next;
            while ((next = reader.Read()) >= 0)
            {
                if (next != '\n' && line.Length < LongestLine)
                {
                    line.Append((char)next);
                    continue;
                }

                Hand(line);
                if (next != '\n') line.Append((char)next);
            }

            if (line.Length > 0) Hand(line);
        }
        catch (IOException)
        {
            // The terminal went away: nothing more will be typed.
        }

        _lines.Writer.TryComplete();
    }

    private void Hand(StringBuilder line)
    {
        var text = line.ToString().TrimEnd('\r');
        line.Clear();
        if (FirstLook is { } look)
        {
            if (!look(text)) _lines.Writer.TryWrite(text);
            return;
        }

        _lines.Writer.WriteAsync(text).AsTask().GetAwaiter().GetResult();
    }
}
