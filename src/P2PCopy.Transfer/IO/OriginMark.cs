using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace P2PCopy.Transfer.IO;

/// <summary>
/// Says of a received file that it came from another computer, where the system heeds that and asks before it runs such a file: the
/// Mark of the Web on Windows, quarantine on macOS. Linux has nothing of the kind.
/// </summary>
internal static class OriginMark
{
    /// <summary>The stream beside the content that Windows looks into, and the number of the zone "Internet" ([MS-FSCC] 5.6.1).</summary>
    public const string ZoneStream = ":Zone.Identifier";

    /// <summary>What stands in it.</summary>
    public const string Zone = "[ZoneTransfer]\r\nZoneId=3\r\n";

    /// <summary>
    /// The value of com.apple.quarantine: flags (a download, not yet approved), the time in hexadecimal seconds since 1970, and who
    /// fetched it.
    /// </summary>
    public static string Quarantine(DateTimeOffset time) => string.Create(CultureInfo.InvariantCulture, $"0081;{time.ToUnixTimeSeconds():x8};p2pcopy;");

    /// <summary>Marks an open file, before its time is set. File systems that have no place for it (FAT, network shares) are no fault.</summary>
    public static void Put(SafeFileHandle file, string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) File.WriteAllText(path + ZoneStream, Zone);
            else if (OperatingSystem.IsMacOS()) SetQuarantine(file);
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            // The content is whole, and the user was told what comes before it was taken.
        }
    }

    private static unsafe void SetQuarantine(SafeFileHandle file)
    {
        var value = Encoding.ASCII.GetBytes(Quarantine(DateTimeOffset.UtcNow));
        fixed (byte* name = "com.apple.quarantine\0"u8)
        fixed (byte* bytes = value)
        {
            _ = SetAttribute(file, name, bytes, value.Length, 0, 0);
        }
    }

    [DllImport("libc", EntryPoint = "fsetxattr")]
    private static extern unsafe int SetAttribute(SafeFileHandle file, byte* name, byte* value, nint size, uint position, int options);
}
