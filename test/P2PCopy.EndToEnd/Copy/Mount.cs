using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Copy;

/// <summary>A small file system of its own in a folder that is there, so that it can fail as disks do.</summary>
internal sealed class Mount : IDisposable
{
    private readonly TemporaryFolder _images = new();
    private string? _device;
    private bool _isMounted = true;
    private bool _hasSmallDisk;

    private Mount(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>In memory.</summary>
    public static Mount InMemory(string folder, int megabytes) => new Mount(folder).Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);

    /// <summary>btrfs, of which a user may have only so much.</summary>
    public static Mount WithQuota(string folder, int megabytes)
    {
        var mount = new Mount(folder).MakeImage(256, "mkfs.btrfs", "-q");
        var whole = Directory.CreateDirectory(mount._images["whole"]).FullName;
        mount.Run("mount", mount._device!, whole).Run("btrfs", "quota", "enable", whole).Run("btrfs", "subvolume", "create", $"{whole}/mine");
        return mount.Run("btrfs", "qgroup", "limit", $"{megabytes}M", $"{whole}/mine").Run("umount", whole).Run("mount", "-o", "subvol=mine", mount._device!, folder);
    }

    /// <summary>ext4 on a disk that says it has so much room and has half of that, as cards that lie about their size.</summary>
    public static Mount OnLyingDisk(string folder, int megabytes)
    {
        var mount = new Mount(folder) { _hasSmallDisk = true };
        mount.Run("mount", "-t", "tmpfs", "-o", $"size={megabytes / 2}m", "tmpfs", mount._images.Path);
        mount.MakeImage(megabytes, "mkfs.ext4", "-q", "-O", "^has_journal");
        return mount.Run("mount", "-t", "ext4", mount._device!, folder);
    }

    /// <summary>A folder that is there, a second time: no file of the one gets a name in the other.</summary>
    public static Mount OfOther(string folder, string other) => new Mount(folder).Run("mount", "--bind", other, folder);

    /// <summary>exFAT, where names that differ by case are one.</summary>
    public static Mount WithoutCase(string folder)
    {
        var mount = new Mount(folder).MakeImage(64, "mkfs.exfat");
        return mount.Run("mount.exfat-fuse", mount._device!, folder);
    }

    /// <summary>A file system that takes names of 175 bytes and no more, as it keeps them encrypted.</summary>
    public static Mount WithShortNames(string folder)
    {
        var mount = new Mount(folder);
        RealProcess.Run("encfs", ["--standard", "--stdinpass", mount._images.Path, folder], "password\n");
        return mount;
    }

    /// <summary>The disk is pulled out: who has files open there can still write them, and nobody finds them.</summary>
    public void PullOut()
    {
        Run("umount", "-l", Folder);
        _isMounted = false;
    }

    public void Dispose()
    {
        // Whoever looks into it just now does not hold it up.
        if (_isMounted) Run("umount", "-l", Folder);
        if (_device is not null) Run("losetup", "-d", _device);
        if (_hasSmallDisk) Run("umount", "-l", _images.Path);
        _images.Dispose();
    }

    private Mount MakeImage(int megabytes, string maker, params string[] words)
    {
        using (var image = File.Create(_images["image"])) image.SetLength((long)megabytes << 20);
        _device = RealProcess.Run("losetup", ["-f", "--show", _images["image"]]).Trim();
        return Run(maker, [.. words, _device]);
    }

    private Mount Run(string program, params string[] words)
    {
        RealProcess.Run(program, words);
        return this;
    }
}
