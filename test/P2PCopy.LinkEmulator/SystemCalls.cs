using System.ComponentModel;
using System.Runtime.InteropServices;

namespace P2PCopy.LinkEmulator;

/// <summary>The calls of Linux that the framework does not offer. All arguments are blittable.</summary>
internal static unsafe partial class SystemCalls
{
    public const int ReadWrite = 2;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int NewNetwork = 0x40000000;
    public const short Readable = 1;

    private const int SetTimerSlack = 29;
    private const int FirstInFirstOut = 1;

    [StructLayout(LayoutKind.Sequential)]
    public struct Polled
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>Throws with the reason when a call failed.</summary>
    public static int Check(int result, string what) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError(), what);

    /// <summary>Lets timers of the calling thread fire when they are due; by default the kernel may be 50 µs late.</summary>
    public static void TightenTimers() => Check(Prctl(SetTimerSlack, 1, 0, 0, 0), "prctl");

    /// <summary>
    /// Lets the calling thread run as soon as it wakes, before those under test. <see langword="false"/> where that is not permitted.
    /// </summary>
    public static bool RunFirst()
    {
        var priority = 1;
        return SetScheduler(0, FirstInFirstOut, &priority) == 0;
    }

    /// <summary>
    /// Sleeps until one descriptor is ready or the time is over; negative waits without limit. The number of those that are ready.
    /// </summary>
    public static int Poll(Span<Polled> polled, long microseconds)
    {
        var limit = new TimeSpec { Seconds = microseconds / 1_000_000, Nanoseconds = microseconds % 1_000_000 * 1000 };
        fixed (Polled* first = polled) return PPoll(first, (nuint)polled.Length, microseconds < 0 ? null : &limit, null);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNamespace(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int IoControl(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    // On the hot path a failure needs no reason: nothing to read, or a packet that the device does not want.
    [LibraryImport("libc", EntryPoint = "read")]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, int* priority);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int PPoll(Polled* polled, nuint count, TimeSpec* timeout, void* signals);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
