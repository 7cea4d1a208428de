using System.Text;

namespace P2PCopy.EndToEnd.Terminals;

/// <summary>What one output of a program said so far, to be searched while it grows; also what stands on an unfinished line.</summary>
internal sealed class Transcript
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _grown = NewSignal();
    private bool _ended;

    public string Text
    {
        get
        {
            lock (_gate) return _text.ToString();
        }
    }

    public async Task CollectAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0) Grow(buffer.AsSpan(0, count), ended: false);
        Grow([], ended: true);
    }

    /// <summary>What follows the first place of a text on its line, or nothing when the output ended without it.</summary>
    /// <param name="text">What to look for.</param>
    /// <param name="wholeLine">Whether to wait for the end of the line; prompts have none.</param>
    public async Task<string?> FindAsync(string text, bool wholeLine)
    {
        while (true)
        {
            Task grown;
            lock (_gate)
            {
                var all = _text.ToString();
                var at = all.IndexOf(text, StringComparison.Ordinal);
                var end = at < 0 ? -1 : all.IndexOf('\n', at);

                if (at >= 0 && (end >= 0 || _ended || !wholeLine)) return all[(at + text.Length)..(end < 0 ? all.Length : end)].TrimEnd();
                if (_ended) return null;
                grown = _grown.Task;
            }

            await grown;
        }
    }

    private void Grow(ReadOnlySpan<char> more, bool ended)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _text.Append(more);
            _ended |= ended;
            signal = _grown;
            _grown = NewSignal();
        }

        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
