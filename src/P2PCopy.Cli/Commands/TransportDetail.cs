using System.Globalization;
using P2PCopy.Udt;

namespace P2PCopy.Cli.Commands;

/// <summary>What the transport went through, in a line for those who look for the reason of something.</summary>
internal static class TransportDetail
{
    /// <summary>The line.</summary>
    public static string Of(UdtStatistics udt) => string.Create(
        CultureInfo.InvariantCulture,
        $"UDT: {udt.PacketsSent} packets sent, {udt.PacketsResent} of them again, {udt.PacketsInFlight} unconfirmed; "
        + $"{udt.PacketsReceived} received, {udt.PacketsLost} found missing, {udt.PacketsDuplicate} came twice, {udt.PacketsStale} refused as stale, "
        + $"{udt.PacketsInvalid} invalid; {udt.Expirations} expirations, round trip {udt.RoundTripTime.TotalMilliseconds:f1} ms");
}
