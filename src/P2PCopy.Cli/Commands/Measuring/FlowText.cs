using System.Globalization;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.Measuring;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Measuring;

/// <summary>Measured rates, in the words of users.</summary>
internal static class FlowText
{
    /// <summary>How fast a flow was: the rate that lasts first, since that is what a long copy gets.</summary>
    public static string Of(MeasuredFlow flow) => flow.LaterBytesPerSecond is { } later
        ? $"{Rate(later)} after the first 2 s, {Bits(flow.BytesPerSecond)} with them"
        : Rate(flow.BytesPerSecond);

    /// <summary>What else was seen of it.</summary>
    public static string Detail(MeasuredFlow flow)
    {
        var trips = flow.RoundTrip > TimeSpan.Zero ? $"round trip {Milliseconds(flow.RoundTrip)} meanwhile, {Milliseconds(flow.LeastRoundTrip)} at best; " : "";
        return $"{DisplayText.Size(flow.Bytes)} in {DurationText.Measured(flow.Time)}; {trips}{Text($"{flow.SentAgain * 100:0.##}")} % sent again";
    }

    /// <summary>A rate as networks and as files have it.</summary>
    public static string Rate(double bytesPerSecond) => $"{Bits(bytesPerSecond)} ({DisplayText.Size((long)bytesPerSecond)}/s)";

    /// <summary>A rate as networks have it.</summary>
    public static string Bits(double bytesPerSecond)
    {
        var bits = bytesPerSecond * 8;
        return bits switch
        {
            < 999_500 => Text($"{bits / 1e3:0} kbit/s"),
            < 99_950_000 => Text($"{bits / 1e6:0.0} Mbit/s"),
            < 999_500_000 => Text($"{bits / 1e6:0} Mbit/s"),
            _ => Text($"{bits / 1e9:0.00} Gbit/s"),
        };
    }

    private static string Milliseconds(TimeSpan time) => time < TimeSpan.FromMilliseconds(10) ? Text($"{time.TotalMilliseconds:0.0} ms") : Text($"{time.TotalMilliseconds:0} ms");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
