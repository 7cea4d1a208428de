namespace P2PCopy.Transfer.IO;

/// <summary>How much time the last message of a side that gives up is given, so that its reason arrives and nobody waits long.</summary>
internal static class LastWord
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LimitOfUser = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a last word may take to be said at all; a user who wants to stop does not wait.</summary>
    public static TimeSpan LimitOf(CancellationToken cancellation) => cancellation.IsCancellationRequested ? LimitOfUser : Limit;

    /// <summary>How long the connection may take to bring it to the peer; nothing when there is none.</summary>
    public static TimeSpan Patience(Ending? ending) => ending?.Kind switch
    {
        null or OutcomeKind.BrokenOff => TimeSpan.Zero,
        OutcomeKind.Interrupted => LimitOfUser,
        _ => CopyConnection.CloseLimit,
    };

    /// <summary>Brings what was said before the end to the network, if that takes it.</summary>
    public static async Task SayAsync(Task? sending, TimeProvider clock, CancellationToken cancellation)
    {
        if (sending is null) return;
        try
        {
            await sending.WaitAsync(LimitOf(cancellation), clock, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            // It cannot be told; the end of the connection says enough.
        }
    }
}
