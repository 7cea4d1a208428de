namespace P2PCopy.EndToEnd.Copy;

/// <summary>The system's clock that counts how often it is read: a loop that waits reads it seldom.</summary>
internal sealed class CountingClock : TimeProvider
{
    private long _reads;

    public long Reads => Volatile.Read(ref _reads);

    public override long GetTimestamp()
    {
        Interlocked.Increment(ref _reads);
        return base.GetTimestamp();
    }
}
