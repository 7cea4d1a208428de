namespace P2PCopy.EndToEnd.Copy;

/// <summary>A receiver that closes as soon as it has the whole header, before the write that carried it is seen to end.</summary>
internal sealed class HastyReceiverStream : EndOfConnection
{
    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => await _end.Task;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The name is the first write, the size the second.
        if (++_writes < 2) return;
        _end.SetResult(0);
        await Task.Yield();
    }
}
