using Microsoft.Win32.SafeHandles;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// A few stretches of a file in memory. Several readers may go through it at once, each forwards at its own place, and none makes the
/// others read their stretch again.
/// </summary>
/// <param name="file">What is read; it stays the caller's.</param>
internal sealed class FileWindows(SafeFileHandle file)
{
    /// <summary>Most bytes that can be seen at once.</summary>
    public const int WindowBytes = 32 << 10;

    private const int Windows = 4;

    private readonly Window[] _windows = [.. Enumerable.Range(0, Windows).Select(static _ => new Window())];
    private long _uses;

    /// <summary>The bytes at a place: as many as may be wanted there, fewer at the end of the file.</summary>
    public ArraySegment<byte> At(long offset, int wanted)
    {
        var window = Find(offset, wanted);
        window.LastUse = ++_uses;
        var start = (int)(offset - window.Start);
        return new ArraySegment<byte>(window.Bytes, start, Math.Max(0, Math.Min(wanted, window.Length - start)));
    }

    /// <summary>The file has changed.</summary>
    public void Forget()
    {
        foreach (var window in _windows) window.Length = 0;
    }

    private Window Find(long offset, int wanted)
    {
        var oldest = _windows[0];
        foreach (var window in _windows)
        {
            if (window.Length > 0 && offset >= window.Start && (offset + wanted <= window.Start + window.Length || (window.EndsFile && offset <= window.Start + window.Length))) return window;
            if (window.LastUse < oldest.LastUse) oldest = window;
        }

        oldest.Start = offset;
        oldest.Length = 0;
        while (oldest.Length < WindowBytes && RandomAccess.Read(file, oldest.Bytes.AsSpan(oldest.Length), offset + oldest.Length) is > 0 and var count) oldest.Length += count;
        oldest.EndsFile = oldest.Length < WindowBytes;
        return oldest;
    }

    private sealed class Window
    {
        public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(WindowBytes);

        public long Start { get; set; }

        public int Length { get; set; }

        public bool EndsFile { get; set; }

        public long LastUse { get; set; }
    }
}
