using P2PCopy.NatTraversal.Crossing;
using P2PCopy.Simulation;
using P2PCopy.Simulation.Links;
using P2PCopy.Simulation.Nats;
using P2PCopy.Tests.NatDetection;

namespace P2PCopy.Tests.Crossing;

/// <summary>Two users in virtual time, each behind a NAT or several, from the start of their programs to the moment they are connected.</summary>
internal sealed class MeetingScene : IDisposable
{
    /// <param name="seed">Decides all that is left to chance.</param>
    /// <param name="left">The NATs of the left user, the nearest first.</param>
    /// <param name="right">The NATs of the right user.</param>
    /// <param name="testsFilters">Whether there are servers that can test who gets in, and what early packets do.</param>
    public MeetingScene(ulong seed, NatBehavior[] left, NatBehavior[] right, bool testsFilters = true)
    {
        Network = new SimNetwork(seed);
        var link = LinkProfile.Dsl with { Loss = 0 };
        Left = new MeetingSide(Network, Network.Host("left", link, left), 1, sends: true);
        Right = new MeetingSide(Network, Network.Host("right", link, right), 2, sends: false);
        var servers = new SimStunServers(Network);
        var mapping = Enumerable.Range(0, 4).Select(_ => servers.Plain()).ToArray();
        var filtering = Enumerable.Range(0, testsFilters ? 2 : 0).Select(_ => servers.Discovery()).ToArray();

        // By as much may two clocks differ that were both set by the internet.
        Left.Host.WallClockError = TimeSpan.FromSeconds(Network.RandomFor("clocks").NextDouble() - 0.5);
        foreach (var side in new[] { Left, Right }) side.Discover(mapping, filtering);
        Network.RunUntil(() => Left.Ticket is not null && Right.Ticket is not null, TimeSpan.FromSeconds(5));
    }

    public SimNetwork Network { get; }

    public MeetingSide Left { get; }

    public MeetingSide Right { get; }

    public CrossingPlan Plan => Left.PlanWith(Right);

    public bool IsMet => Left.IsReady && Right.IsReady;

    /// <summary>Both users paste, one of them later; the time that it takes from then on.</summary>
    /// <param name="rightIsLater">How much later the right one pastes; negative when it is the left one.</param>
    /// <param name="limit">What is too long.</param>
    /// <returns>The time; <see langword="null"/> when they do not meet within the limit.</returns>
    public TimeSpan? Meet(TimeSpan rightIsLater, TimeSpan limit)
    {
        var (first, second) = rightIsLater < TimeSpan.Zero ? (Right, Left) : (Left, Right);
        first.Paste(second.Ticket!);
        Network.RunFor(rightIsLater.Duration());
        second.Paste(first.Ticket!);
        var start = Network.Now;
        var end = start + limit;
        Network.RunFor(TimeSpan.Zero);
        while (!IsMet && Network.Now <= end && Network.Step())
        {
        }

        return IsMet ? Network.Now - start : null;
    }

    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
        Network.Dispose();
    }
}
