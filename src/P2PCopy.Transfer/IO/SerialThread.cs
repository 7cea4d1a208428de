using System.Collections.Concurrent;

namespace P2PCopy.Transfer.IO;

/// <summary>
/// One thread that does blocking work in order: the disk, or a hash. The pump waits for it as for the network, and no thread
/// of the pool is held by a slow disk.
/// </summary>
internal sealed class SerialThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public SerialThread(string name) =>
        new Thread(() =>
        {
            foreach (var action in _work.GetConsumingEnumerable()) action();
            _work.Dispose();
        })
        { IsBackground = true, Name = name }.Start();

    /// <summary>Does the work after everything that was asked for before.</summary>
    public Task<T> Run<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception error)
            {
                // It belongs to whoever asked for the work.
                done.SetException(error);
            }
        });
        return done.Task;
    }

    /// <summary>Lets the thread end after what was asked for.</summary>
    public void Dispose() => _work.CompleteAdding();
}
