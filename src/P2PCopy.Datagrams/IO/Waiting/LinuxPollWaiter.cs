using System.Net.Sockets;
using System.Runtime.InteropServices;
using P2PCopy.Datagrams.IO.Linux;

namespace P2PCopy.Datagrams.IO.Waiting;

/// <summary>
/// ppoll(2) over the socket and an eventfd(2): wakes within microseconds of its deadline where the portable calls know whole
/// milliseconds only.
/// </summary>
internal sealed class LinuxPollWaiter : ISocketWaiter
{
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
            var wake = LinuxCalls.EventFd(0, LinuxCalls.EventNonBlocking | LinuxCalls.EventCloseOnExec);
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
            _ = LinuxCalls.Prctl(LinuxCalls.SetTimerSlack, 1, 0, 0, 0);
            _slackSet = true;
        }

        var polled = stackalloc LinuxCalls.PollDescriptor[2];
        polled[0] = new LinuxCalls.PollDescriptor { Descriptor = _socketDescriptor, Events = LinuxCalls.PollIn };
        polled[1] = new LinuxCalls.PollDescriptor { Descriptor = _wakeDescriptor, Events = LinuxCalls.PollIn };
        var nanoseconds = Math.Max(0, timeout.Ticks) * 100;
        var limit = new LinuxCalls.TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        var ready = LinuxCalls.Poll(polled, 2, timeout == Timeout.InfiniteTimeSpan ? null : &limit, null);
        if (ready <= 0) return false;
        if (polled[1].Returned != 0)
        {
            ulong drained;
            _ = LinuxCalls.Read(_wakeDescriptor, &drained, sizeof(ulong));
        }

        return polled[0].Returned != 0;
    }

    public unsafe void Wake()
    {
        fixed (ulong* one = &One) _ = LinuxCalls.Write(_wakeDescriptor, one, sizeof(ulong));
    }

    public void Dispose()
    {
        _ = LinuxCalls.Close(_wakeDescriptor);
        _socket.DangerousRelease();
    }
}
