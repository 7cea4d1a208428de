namespace P2PCopy.Datagrams.IO.Waiting;

/// <summary>Sleeps until the socket has a datagram, somebody wakes it, or a deadline comes.</summary>
internal interface ISocketWaiter : IDisposable
{
    /// <summary>Waits on the driver's thread; zero looks without sleeping. True when the socket is readable.</summary>
    bool WaitReadable(TimeSpan timeout);

    /// <summary>Ends a wait, or the next one, from any thread.</summary>
    void Wake();
}
