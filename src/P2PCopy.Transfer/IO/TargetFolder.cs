using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Transfer.IO;

/// <summary>The folder that takes the file, looked at before anything is written.</summary>
internal static class TargetFolder
{
    /// <summary>Most names tried beside an existing one.</summary>
    public const int MostNames = 9999;

    /// <summary>What the user is to be asked, or why there is nothing to ask.</summary>
    public static Ending? Examine(SafeName name, long size, ReceiveOptions options, out Offer? offer)
    {
        offer = null;
        try
        {
            var folder = Path.GetFullPath(options.Folder);
            if (!Directory.Exists(folder)) return DiskEndings.NoFolder(folder);
            if (!options.AllowSensitive && SensitiveNames.SensitiveFolder(folder) is { } component) return RefusalEndings.SensitiveFolder(component);
            var path = Path.Combine(folder, name.Value);
            var exists = Exists(path);
            if (exists && options.Existing == ExistingFile.Skip) return RefusalEndings.Exists(name.Value);
            var free = FreeBytes(folder);
            if (free is { } bytes && !Fits(size, bytes)) return DiskEndings.NoRoom(folder, size, bytes);
            var target = exists && options.Existing == ExistingFile.KeepBoth ? FreeName(folder, name) : path;
            offer = new Offer(name, size, exists, target, free);
            return null;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return DiskEndings.From(error, options.Folder);
        }
    }

    /// <summary>Whether the size and one percent more fit; the percent is for the file system's own needs.</summary>
    public static bool Fits(long size, long free) => (Int128)size + (size / 100) <= free;

    /// <summary>Whether anything has this name, a link to nowhere included.</summary>
    public static bool Exists(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private static string FreeName(string folder, SafeName name)
    {
        for (var number = 1; number <= MostNames; number++)
        {
            var path = Path.Combine(folder, name.Numbered(number).Value);
            if (!Exists(path)) return path;
        }

        return Path.Combine(folder, name.Value);
    }

    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (DiskEndings.IsDiskError(error))
        {
            return null;
        }
    }
}
