using System.Runtime.InteropServices;

namespace P2PCopy.Datagrams.IO.Linux;

/// <summary>
/// The calls of Linux that the framework does not offer, or not as needed: many datagrams in one call, waiting to the microsecond.
/// Every argument is blittable.
/// </summary>
internal static unsafe class LinuxCalls
{
    /// <summary>MSG_DONTWAIT: a call that has nothing to do says so instead of waiting.</summary>
    public const int DontWait = 0x40;

    /// <summary>SOL_UDP.</summary>
    public const int UdpLevel = 17;

    /// <summary>UDP_SEGMENT (udp(7)): the size at which the kernel cuts what is sent in one call.</summary>
    public const int UdpSegment = 103;

    /// <summary>UDP_GRO (udp(7)): datagrams of one sender may be received in one piece, with the size at which they join.</summary>
    public const int UdpGro = 104;

    public const short PollIn = 1;
    public const int EventNonBlocking = 0x800;
    public const int EventCloseOnExec = 0x80000;
    public const int SetTimerSlack = 29;

    public const int Interrupted = 4;
    public const int IOError = 5;
    public const int TryAgain = 11;
    public const int InvalidArgument = 22;
    public const int MessageTooLong = 90;
    public const int NoSuchOption = 92;
    public const int NotSupported = 95;

    /// <summary>Bytes of a control message's head: its length, level and type. What it says follows, aligned to <see cref="nuint"/>.</summary>
    public static int ControlHeaderBytes => sizeof(nuint) + (2 * sizeof(int));

    /// <summary>The error of the last call that failed on this thread.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    [DllImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    public static extern nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [DllImport("libc", EntryPoint = "recvmmsg")]
    public static extern int ReceiveMessages(int descriptor, ReceivedMessage* messages, uint count, int flags, void* timeout);

    [DllImport("libc", EntryPoint = "ppoll")]
    public static extern int Poll(PollDescriptor* descriptors, nuint count, TimeSpec* timeout, void* signals);

    [DllImport("libc", EntryPoint = "eventfd")]
    public static extern int EventFd(uint initial, int flags);

    [DllImport("libc", EntryPoint = "prctl")]
    public static extern int Prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [DllImport("libc", EntryPoint = "read")]
    public static extern nint Read(int descriptor, void* buffer, nuint count);

    [DllImport("libc", EntryPoint = "write")]
    public static extern nint Write(int descriptor, void* buffer, nuint count);

    [DllImport("libc", EntryPoint = "close")]
    public static extern int Close(int descriptor);

    /// <summary>struct iovec.</summary>
    public struct Piece
    {
        public byte* Bytes;
        public nuint Length;
    }

    /// <summary>struct msghdr.</summary>
    public struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint PieceCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct mmsghdr.</summary>
    public struct ReceivedMessage
    {
        public MessageHeader Header;
        public uint Length;
    }

    /// <summary>struct pollfd.</summary>
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct timespec.</summary>
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
