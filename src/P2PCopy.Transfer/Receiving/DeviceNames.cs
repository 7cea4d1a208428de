namespace P2PCopy.Transfer.Receiving;

/// <summary>
/// Names that Windows takes for devices, in any folder and with any extension. They are refused on every system: a file
/// received on one is copied to another.
/// </summary>
internal static class DeviceNames
{
    private static readonly string[] Whole = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];

    public static bool Contains(string name)
    {
        // The device hides in what stands before the first dot; spaces in front of that dot do not count.
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var stem = (dot < 0 ? name : name[..dot]).TrimEnd(' ');
        return Whole.Contains(stem, StringComparer.OrdinalIgnoreCase) || IsPort(stem);
    }

    /// <summary>COM0 to COM9 and LPT0 to LPT9; the superscripts one, two and three are digits there, too.</summary>
    private static bool IsPort(string stem) =>
        stem.Length == 4
        && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase))
        && stem[3] is (>= '0' and <= '9') or '\u00B9' or '\u00B2' or '\u00B3';
}
