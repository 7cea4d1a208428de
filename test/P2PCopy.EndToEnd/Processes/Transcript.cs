using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace P2PCopy.EndToEnd.Processes;

/// <summary>What a process said so far on its two outputs, to be searched while it grows; also what stands on an unfinished line.</summary>
internal sealed class Transcript
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly StringBuilder _timed = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _openOutputs = 2;
    private TaskCompletionSource _grown = NewSignal();

    public string Output => Read(_output);

    public string Error => Read(_error);

    /// <summary>Both outputs in the order in which they came, each piece with the seconds since the start.</summary>
    public string Timed => Read(_timed);

    /// <summary>Reads both outputs to their ends.</summary>
    public Task CollectAsync(StreamReader output, StreamReader error) => Task.WhenAll(CollectAsync(output, _output), CollectAsync(error, _error));

    /// <summary>The first line that is the wanted one, or nothing when both outputs ended without it; an output's unfinished line is not read.</summary>
    public Task<string?> FindLineAsync(Predicate<string> isIt) => FindAsync(() => FindLine(_output, isIt) ?? FindLine(_error, isIt));

    /// <summary>A text when standard output has it anywhere, or nothing when both outputs ended without it; prompts end in no line.</summary>
    public Task<string?> FindTextAsync(string text) =>
        FindAsync(() => _output.ToString().Contains(text, StringComparison.Ordinal) ? text : null);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string? FindLine(StringBuilder said, Predicate<string> isIt)
    {
        var lines = said.ToString().Split('\n');
        var finished = _openOutputs == 0 ? lines : lines[..^1];
        return finished.Select(line => line.TrimEnd('\r')).FirstOrDefault(line => isIt(line));
    }

    private async Task<string?> FindAsync(Func<string?> find)
    {
        while (true)
        {
            Task grown;
            lock (_gate)
            {
                if (find() is { } found) return found;
                if (_openOutputs == 0) return null;
                grown = _grown.Task;
            }

            await grown;
        }
    }

    private async Task CollectAsync(StreamReader reader, StringBuilder said)
    {
        var buffer = new char[4096];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0) Grow(said, buffer.AsSpan(0, count), ended: false);
        Grow(said, [], ended: true);
    }

    private void Grow(StringBuilder said, ReadOnlySpan<char> more, bool ended)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            said.Append(more);
            _timed.Append(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_start).TotalSeconds,7:0.000} ").Append(ended ? "(ended)" : more.TrimEnd('\n')).Append('\n');
            if (ended) _openOutputs--;
            signal = _grown;
            _grown = NewSignal();
        }

        signal.SetResult();
    }

    private string Read(StringBuilder said)
    {
        lock (_gate) return said.ToString();
    }
}
