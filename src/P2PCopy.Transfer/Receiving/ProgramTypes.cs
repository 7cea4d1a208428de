namespace P2PCopy.Transfer.Receiving;

/// <summary>Extensions of files that run or lead elsewhere when they are opened. They are marked, not refused.</summary>
internal static class ProgramTypes
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        "exe", "com", "bat", "cmd", "msi", "msp", "scr", "pif", "cpl", "dll", "sys", "ps1", "psm1", "vbs", "vbe", "js", "jse", "wsf",
        "wsh", "hta", "reg", "inf", "lnk", "url", "scf", "jar", "appx", "msix", "application", "gadget", "chm", "settingcontent-ms",
        "sh", "bash", "zsh", "fish", "csh", "run", "desktop", "appimage", "deb", "rpm", "so", "flatpakref", "apk",
        "command", "app", "pkg", "dmg", "workflow", "scpt", "applescript", "terminal", "webloc", "dylib", "mobileconfig",
        "py", "pyw", "pl", "rb", "php", "docm", "dotm", "xlsm", "xltm", "pptm", "xll",
    };

    public static bool Includes(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot >= 0 && Extensions.Contains(name[(dot + 1)..]);
    }
}
