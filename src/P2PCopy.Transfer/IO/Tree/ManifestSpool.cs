using System.Text;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// A manifest on the disk, in two files without names in the system's folder for such: the entries one after the other, and
/// where each begins. A million entries cost no memory but some windows.
/// </summary>
internal sealed class ManifestSpool : IDisposable
{
    private const int GatheredBytes = 64 << 10;
    private const int MostEntryBytes = 8 << 10;

    private readonly FileStream _entries = Open();
    private readonly FileStream _places = Open();
    private readonly MemoryStream _pending = new();
    private readonly MemoryStream _pendingPlaces = new();
    private readonly BinaryWriter _writer;
    private readonly BinaryWriter _placeWriter;
    private readonly FileWindows _entryWindows;
    private readonly FileWindows _placeWindows;
    private long _length;
    private long _placesLength;

    public ManifestSpool()
    {
        (_entryWindows, _placeWindows) = (new FileWindows(_entries.SafeFileHandle), new FileWindows(_places.SafeFileHandle));
        _writer = new BinaryWriter(_pending, Encoding.UTF8);
        _placeWriter = new BinaryWriter(_pendingPlaces);
    }

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the next entry and the index of the folder it lies in, or −1; and the name that it has here, if that is another one.</summary>
    public void Add(TreeEntry entry, int parent, string? ownName = null)
    {
        _placeWriter.Write(_length + _pending.Position);
        _writer.Write(parent);
        _writer.Write(entry.Depth);
        _writer.Write((byte)entry.Kind);
        _writer.Write((byte)((entry.Executable ? 1 : 0) | (entry.Sparse ? 2 : 0) | (entry.LinkTarget is null ? 0 : 4) | (ownName is null ? 0 : 8)));
        _writer.Write(entry.Size);
        _writer.Write(entry.ModifiedNanoseconds);
        _writer.Write(entry.Name);
        if (entry.LinkTarget is { } target) _writer.Write(target);
        if (ownName is not null) _writer.Write(ownName);
        Count++;
        if (_pending.Length >= GatheredBytes) Flush();
    }

    /// <summary>Reads an entry; one after the other is fast, also for several readers at several places.</summary>
    public TreeEntry Read(int index, out int parent) => Read(index, out parent, out _);

    /// <summary>The same with the name that it has here.</summary>
    public TreeEntry Read(int index, out int parent, out string ownName)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        Flush();
        var bytes = _entryWindows.At(PlaceOf(index), MostEntryBytes);
        var reader = new EntryReader(bytes);
        parent = reader.Int32();
        var depth = reader.Int32();
        var kind = (EntryKind)reader.Byte();
        var flags = reader.Byte();
        var size = reader.Int64();
        var modified = reader.Int64();
        var name = reader.Text();
        var entry = new TreeEntry
        {
            Index = index,
            Depth = depth,
            Kind = kind,
            Name = name,
            Size = size,
            ModifiedNanoseconds = modified,
            Executable = (flags & 1) != 0,
            Sparse = (flags & 2) != 0,
            LinkTarget = (flags & 4) != 0 ? reader.Text() : null,
        };
        ownName = (flags & 8) != 0 ? reader.Text() : name;
        return entry;
    }

    public void Dispose()
    {
        _entries.Dispose();
        _places.Dispose();
        _writer.Dispose();
        _placeWriter.Dispose();
    }

    /// <summary>A file that nobody else finds, and that is gone with this process, however it ends.</summary>
    private static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), "p2pcopy-" + Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (OperatingSystem.IsWindows()) options.Options = FileOptions.DeleteOnClose;
        else options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        return file;
    }

    private long PlaceOf(int index) => BitConverter.ToInt64(_placeWindows.At((long)index * sizeof(long), sizeof(long)));

    private void Flush()
    {
        if (_pending.Length == 0) return;
        RandomAccess.Write(_entries.SafeFileHandle, _pending.GetBuffer().AsSpan(0, (int)_pending.Length), _length);
        RandomAccess.Write(_places.SafeFileHandle, _pendingPlaces.GetBuffer().AsSpan(0, (int)_pendingPlaces.Length), _placesLength);
        _length += _pending.Length;
        _placesLength += _pendingPlaces.Length;
        _pending.SetLength(0);
        _pendingPlaces.SetLength(0);
        _entryWindows.Forget();
        _placeWindows.Forget();
    }
}
