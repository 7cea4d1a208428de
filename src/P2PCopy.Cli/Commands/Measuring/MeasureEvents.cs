using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.Measuring;

namespace P2PCopy.Cli.Commands.Measuring;

/// <summary>What was measured, as docs/json.md describes it.</summary>
internal static class MeasureEvents
{
    /// <summary>Bytes flowed.</summary>
    public static void TellMeasured(this EventStream events, string what, MeasuredFlow flow) => events.Emit("measured", json =>
    {
        json.WriteString("what", what);
        json.WriteNumber("bytes", flow.Bytes);
        json.WriteNumber("seconds", Math.Round(flow.Time.TotalSeconds, 3));
        json.WriteNumber("bytesPerSecond", (long)flow.BytesPerSecond);
        if (flow.LaterBytesPerSecond is { } later) json.WriteNumber("laterBytesPerSecond", (long)later);
        if (flow.RoundTrip <= TimeSpan.Zero) return;
        json.WriteNumber("sentAgain", Math.Round(flow.SentAgain, 6));
        json.WriteNumber("roundTripMilliseconds", Math.Round(flow.RoundTrip.TotalMilliseconds, 1));
        json.WriteNumber("leastRoundTripMilliseconds", Math.Round(flow.LeastRoundTrip.TotalMilliseconds, 1));
    });

    /// <summary>A disk wrote.</summary>
    public static void TellMeasured(this EventStream events, DiskRate disk) => events.Emit("measured", json =>
    {
        json.WriteString("what", "disk");
        json.WriteNumber("bytes", disk.Bytes);
        json.WriteNumber("seconds", Math.Round(disk.Time.TotalSeconds, 3));
        json.WriteNumber("bytesPerSecond", (long)disk.BytesPerSecond);
    });
}
