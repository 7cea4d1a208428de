using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace P2PCopy.Datagrams.IO.Waiting;

/// <summary>
/// ppoll(2) over the socket and an eventfd(2): wakes within microseconds of its deadline where the portable calls know whole
/// milliseconds only.
/// </summary>
internal sealed class LinuxPollWaiter : ISocketWaiter
{
    private const short PollIn = 1;
    private const int EventNonBlocking = 0x800;
    private const int EventCloseOnExec = 0x80000;
    private const int SetTimerSlack = 29;
    private static readonly ulong One = 1;

    private readonly SafeHandle _socket;
    private readonly int _socketDescriptor;
    private readonly int _wakeDescriptor;
    private bool _slackSet;

    private LinuxPollWaiter(Socket socket, int wakeDescriptor)
    {
        _socket = socket.SafeHandle;
        var held = false;
        _socket.DangerousAddRef(ref held);
        _socketDescriptor = (int)_socket.DangerousGetHandle();
        _wakeDescriptor = wakeDescriptor;
    }

    /// <summary>The waiter, or null where these calls do not exist.</summary>
    public static LinuxPollWaiter? TryCreate(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            var wake = EventFd(0, EventNonBlocking | EventCloseOnExec);
            return wake < 0 ? null : new LinuxPollWaiter(socket, wake);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    public unsafe bool WaitReadable(TimeSpan timeout)
    {
        if (!_slackSet)
        {
            // The kernel may be 50 µs late by default; a burst at 1 Gbit/s is four packets in that time.
            _ = Prctl(SetTimerSlack, 1, 0, 0, 0);
            _slackSet = true;
        }

        var polled = stackalloc PollDescriptor[2];
        polled[0] = new PollDescriptor { Descriptor = _socketDescriptor, Events = PollIn };
        polled[1] = new PollDescriptor { Descriptor = _wakeDescriptor, Events = PollIn };
        var nanoseconds = Math.Max(0, timeout.Ticks) * 100;
        var limit = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        var ready = PPoll(polled, 2, timeout == Timeout.InfiniteTimeSpan ? null : &limit, null);
        if (ready <= 0) return false;
        if (polled[1].Returned != 0)
        {
            ulong drained;
            _ = Read(_wakeDescriptor, &drained, sizeof(ulong));
        }

        return polled[0].Returned != 0;
    }

    public unsafe void Wake()
    {
        fixed (ulong* one = &One) _ = Write(_wakeDescriptor, one, sizeof(ulong));
    }

    public void Dispose()
    {
        _ = Close(_wakeDescriptor);
        _socket.DangerousRelease();
    }

    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned { get; }
    }

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "ppoll")]
    private static unsafe extern int PPoll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [DllImport("libc", EntryPoint = "eventfd")]
    private static extern int EventFd(uint initial, int flags);

    [DllImport("libc", EntryPoint = "prctl")]
    private static extern int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [DllImport("libc", EntryPoint = "read")]
    private static unsafe extern nint Read(int descriptor, void* buffer, nuint count);

    [DllImport("libc", EntryPoint = "write")]
    private static unsafe extern nint Write(int descriptor, void* buffer, nuint count);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
