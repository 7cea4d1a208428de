using P2PCopy.EndToEnd.Lab;

namespace P2PCopy.Bench;

/// <summary>A third machine that floods the receiver. Its wire is its own, so that only the receiver has to bear it.</summary>
internal static class Flood
{
    private const int PerSecond = 50_000;

    public static async Task StartAsync(Trial trial, string target)
    {
        var stranger = trial.Left.Lab.Add("stranger");
        VethLink.Connect(new LinkEnd(stranger, "wire", "10.4.0.1/24"), new LinkEnd(trial.Right, "outside", "10.4.0.2/24"));
        stranger.Ip("route add 10.3.0.0/24 via 10.4.0.2");
        await Trial.StartRole(stranger, "flood", target, $"{PerSecond}").WaitForLineAsync("flood begins", Trial.Limit);
    }
}
