using System.Text;
using Microsoft.Win32.SafeHandles;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// A manifest on the disk, in two files without names in the system's folder for such: the entries one after the other, and
/// where each begins. A million entries cost no memory but two windows.
/// </summary>
internal sealed class ManifestSpool : IDisposable
{
    private const int WindowBytes = 64 << 10;
    private const int MostEntryBytes = 8 << 10;

    private readonly SafeFileHandle _entries = Open();
    private readonly SafeFileHandle _places = Open();
    private readonly MemoryStream _pending = new();
    private readonly MemoryStream _pendingPlaces = new();
    private readonly BinaryWriter _writer;
    private readonly BinaryWriter _placeWriter;
    private readonly byte[] _window = new byte[WindowBytes];
    private readonly byte[] _placeWindow = new byte[WindowBytes];
    private long _windowStart = -1;
    private int _windowLength;
    private long _placeWindowStart = -1;
    private long _length;
    private long _placesLength;

    public ManifestSpool()
    {
        _writer = new BinaryWriter(_pending, Encoding.UTF8);
        _placeWriter = new BinaryWriter(_pendingPlaces);
    }

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the next entry and the index of the folder it lies in, or −1.</summary>
    public void Add(in TreeEntry entry, int parent)
    {
        _placeWriter.Write(_length + _pending.Position);
        _writer.Write(parent);
        _writer.Write(entry.Depth);
        _writer.Write((byte)entry.Kind);
        _writer.Write((byte)((entry.Executable ? 1 : 0) | (entry.Sparse ? 2 : 0) | (entry.LinkTarget is null ? 0 : 4)));
        _writer.Write(entry.Size);
        _writer.Write(entry.ModifiedNanoseconds);
        _writer.Write(entry.Name);
        if (entry.LinkTarget is { } target) _writer.Write(target);
        Count++;
        if (_pending.Length >= WindowBytes) Flush();
    }

    /// <summary>Reads an entry; one after the other is fast.</summary>
    public TreeEntry Read(int index, out int parent)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
        Flush();
        var place = PlaceOf(index);
        if (_windowStart < 0 || place < _windowStart || place + MostEntryBytes > _windowStart + _windowLength)
        {
            _windowStart = place;
            _windowLength = Fill(_entries, _window, place);
        }

        var offset = (int)(place - _windowStart);
        using var reader = new BinaryReader(new MemoryStream(_window, offset, _windowLength - offset), Encoding.UTF8);
        parent = reader.ReadInt32();
        var depth = reader.ReadInt32();
        var kind = (EntryKind)reader.ReadByte();
        var flags = reader.ReadByte();
        var size = reader.ReadInt64();
        var modified = reader.ReadInt64();
        var name = reader.ReadString();
        return new TreeEntry
        {
            Index = index,
            Depth = depth,
            Kind = kind,
            Name = name,
            Size = size,
            ModifiedNanoseconds = modified,
            Executable = (flags & 1) != 0,
            Sparse = (flags & 2) != 0,
            LinkTarget = (flags & 4) != 0 ? reader.ReadString() : null,
        };
    }

    public void Dispose()
    {
        _entries.Dispose();
        _places.Dispose();
        _writer.Dispose();
        _placeWriter.Dispose();
    }

    private static SafeFileHandle Open() => File.OpenHandle(
        Path.Combine(Path.GetTempPath(), "p2pcopy-" + Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

    private static int Fill(SafeFileHandle file, byte[] window, long offset)
    {
        var total = 0;
        while (total < window.Length && RandomAccess.Read(file, window.AsSpan(total), offset + total) is > 0 and var count) total += count;
        return total;
    }

    private long PlaceOf(int index)
    {
        var offset = (long)index * sizeof(long);
        if (_placeWindowStart < 0 || offset < _placeWindowStart || offset + sizeof(long) > _placeWindowStart + WindowBytes)
        {
            _placeWindowStart = offset / WindowBytes * WindowBytes;
            _ = Fill(_places, _placeWindow, _placeWindowStart);
        }

        return BitConverter.ToInt64(_placeWindow, (int)(offset - _placeWindowStart));
    }

    private void Flush()
    {
        if (_pending.Length == 0) return;
        RandomAccess.Write(_entries, _pending.GetBuffer().AsSpan(0, (int)_pending.Length), _length);
        RandomAccess.Write(_places, _pendingPlaces.GetBuffer().AsSpan(0, (int)_pendingPlaces.Length), _placesLength);
        _length += _pending.Length;
        _placesLength += _pendingPlaces.Length;
        _pending.SetLength(0);
        _pendingPlaces.SetLength(0);
        (_windowStart, _placeWindowStart) = (-1, -1);
    }
}
