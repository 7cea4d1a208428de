using P2PCopy.Udt;
using P2PCopy.Udt.Congestion;

namespace P2PCopy.Cli.Commands;

/// <summary>How fast to send.</summary>
/// <param name="MostBytesPerSecond">The limit; 0 for none.</param>
/// <param name="IsPolite">Whether everything else on the line goes first.</param>
internal readonly record struct RateSettings(long MostBytesPerSecond, bool IsPolite)
{
    /// <summary>As fast as the path carries.</summary>
    public static readonly RateSettings Fast = new(0, false);

    /// <summary>The options of a connection that keeps to it.</summary>
    public UdtOptions ApplyTo(UdtOptions options) => options with
    {
        MostBytesPerSecond = MostBytesPerSecond,
        CongestionControl = IsPolite ? () => new PoliteControl() : options.CongestionControl,
    };
}
