using System.Net;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.EndToEnd.NatTraversal;

public sealed class InternetClockTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(7);

    private readonly List<UdpDriver> _drivers = [];

    public void Dispose() => _drivers.ForEach(driver => driver.Dispose());

    [Fact]
    public async Task The_time_of_the_servers_is_taken_and_not_that_of_this_computer()
    {
        using var clock = Start(Server(Ahead), Server(Ahead), Server(Ahead));
        var time = await clock.FirstReading.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(TimeSource.InternetServers, time.Source);
        Assert.Equal(3, time.ServersAnswered);
        Assert.InRange(clock.UtcNow - DateTimeOffset.UtcNow, Ahead - TimeSpan.FromSeconds(2), Ahead + TimeSpan.FromSeconds(2));
        Assert.InRange(time.ErrorBound, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Same(time, clock.Current);
        Assert.Same(time, await clock.RefreshAsync().WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Servers_that_contradict_each_other_are_noticed()
    {
        using var clock = Start(Server(Ahead), Server(Ahead), Server(-Ahead));
        var time = await clock.FirstReading.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.True(time.ServersDisagree);
        Assert.InRange(clock.UtcNow - DateTimeOffset.UtcNow, Ahead - TimeSpan.FromSeconds(2), Ahead + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Without_an_answer_it_is_this_computers_clock()
    {
        using var silent = UdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        using var clock = Start(new ServerName("127.0.0.1", (ushort)((IPEndPoint)silent.LocalEndPoint!).Port), new("nobody.invalid", 123));
        var time = await clock.FirstReading.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(TimeSource.LocalClock, time.Source);
        Assert.InRange((clock.UtcNow - DateTimeOffset.UtcNow).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Asking_nobody_ends_at_once_with_this_computers_clock()
    {
        using var clock = Start();
        Assert.Equal(TimeSource.LocalClock, (await clock.FirstReading.WaitAsync(Limit, TestContext.Current.CancellationToken)).Source);
    }

    [Fact]
    public async Task The_servers_of_the_demonstration_serve_the_time()
    {
        using var servers = LoopbackServers.Start();
        using var clock = Start(servers.Ntp);
        var time = await clock.FirstReading.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(TimeSource.InternetServers, time.Source);
        Assert.InRange((clock.UtcNow - DateTimeOffset.UtcNow).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static InternetClock Start(params ServerName[] servers) => InternetClock.Start(new InternetClockOptions { Servers = servers });

    private ServerName Server(TimeSpan ahead)
    {
        var clock = MonotonicClock.System;
        var time = InternetTime.FromLocalClock(clock.Now, clock.UtcNow + ahead);
        var driver = new UdpDriver(UdpSocket.Open(new IPEndPoint(IPAddress.Loopback, 0)));
        _drivers.Add(driver);
        driver.Add(new NtpServer(time.At));
        return new ServerName("127.0.0.1", driver.LocalEndpoint.Port);
    }
}
