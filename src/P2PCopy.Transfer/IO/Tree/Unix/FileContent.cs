using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static P2PCopy.Transfer.IO.Tree.Unix.LinuxCalls;

namespace P2PCopy.Transfer.IO.Tree.Unix;

/// <summary>
/// Bytes of regular files by pread(2) and pwrite(2) alone. The framework asks each file first whether it has places at all, which of small ones
/// is a call for every call that is needed.
/// </summary>
internal static unsafe class FileContent
{
    /// <summary>Reads what there is at a place, at most so much.</summary>
    public static int Read(SafeFileHandle file, long offset, Span<byte> bytes, string folder)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var count = ReadAt(Number(file), start, bytes.Length, (nint)offset);
                if (count >= 0) return (int)count;
                if (Marshal.GetLastPInvokeError() != Interrupted) throw Error(folder);
            }
        }
    }

    /// <summary>Writes all of it at a place.</summary>
    public static void Write(SafeFileHandle file, long offset, ReadOnlySpan<byte> bytes, string folder)
    {
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var count = WriteAt(Number(file), start + done, bytes.Length - done, (nint)(offset + done));
                if (count >= 0) done += (int)count;
                else if (Marshal.GetLastPInvokeError() != Interrupted) throw Error(folder);
            }
        }
    }
}
