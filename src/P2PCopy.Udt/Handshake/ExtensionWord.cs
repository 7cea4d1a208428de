namespace P2PCopy.Udt.Handshake;

/// <summary>
/// What a side of a rendezvous can do beyond UDT 4, in the cookie field of its handshakes, which means nothing there and which the
/// reference sends as 0 and never looks at. PROTOCOL UDT-24.
/// </summary>
internal static class ExtensionWord
{
    private const uint Mark = 0x7032_0000;
    private const uint MarkMask = 0xffff_0000;
    private const uint Reports = 1;

    /// <summary>The word to send.</summary>
    public static uint Of(bool deliveryReports) => deliveryReports ? Mark | Reports : 0;

    /// <summary>Whether a peer that sent this word writes and reads delivery reports.</summary>
    public static bool HasDeliveryReports(uint cookie) => (cookie & MarkMask) == Mark && (cookie & Reports) != 0;
}
