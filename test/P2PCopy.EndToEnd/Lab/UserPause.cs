namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// The time that users take between two things they do. Nothing is waited for by it: it is there so that programs, routers and their
/// tables live through it.
/// </summary>
internal static class UserPause
{
    public static async Task TakeAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
