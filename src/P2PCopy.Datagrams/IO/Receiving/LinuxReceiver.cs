using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using P2PCopy.Datagrams.IO.Linux;

namespace P2PCopy.Datagrams.IO.Receiving;

/// <summary>
/// recvmmsg(2) with UDP_GRO: several arrivals in one system call, each of them perhaps a train which the kernel did not take apart.
/// </summary>
internal sealed unsafe class LinuxReceiver : IDatagramReceiver, IDisposable
{
    private const int LongestAddress = 28;
    private const int ControlBytes = 64;

    private readonly Socket _socket;
    private readonly SafeHandle _handle;
    private readonly int _descriptor;
    private readonly AddressFamily _family;
    private readonly LinuxCalls.ReceivedMessage[] _messages = GC.AllocateArray<LinuxCalls.ReceivedMessage>(ReceiveBatch.Places, pinned: true);
    private readonly LinuxCalls.Piece[] _pieces = GC.AllocateArray<LinuxCalls.Piece>(ReceiveBatch.Places, pinned: true);
    private readonly byte[] _names = GC.AllocateArray<byte>(ReceiveBatch.Places * LongestAddress, pinned: true);
    private readonly byte[] _controls = GC.AllocateArray<byte>(ReceiveBatch.Places * ControlBytes, pinned: true);

    private LinuxReceiver(Socket socket)
    {
        (_socket, _handle, _family) = (socket, socket.SafeHandle, socket.AddressFamily);
        var held = false;
        _handle.DangerousAddRef(ref held);
        _descriptor = (int)_handle.DangerousGetHandle();
        Coalesces = TrySetCoalescing(true);
    }

    /// <summary>Whether the kernel may hand over trains in one piece.</summary>
    public bool Coalesces { get; }

    /// <summary>The receiver, or null on another system.</summary>
    public static LinuxReceiver? TryCreate(Socket socket) => OperatingSystem.IsLinux() ? new LinuxReceiver(socket) : null;

    public void Receive(ReceiveBatch batch)
    {
        batch.Clear();
        Prepare(batch);
        int count;
        fixed (LinuxCalls.ReceivedMessage* messages = _messages)
            count = LinuxCalls.ReceiveMessages(_descriptor, messages, ReceiveBatch.Places, LinuxCalls.DontWait, null);

        // An error is nearly always that nothing is there; else it is what an earlier datagram met, and the socket has forgotten it now.
        for (var i = 0; i < count; i++)
        {
            var length = (int)_messages[i].Length;
            var remote = SocketAddressExtensions.ReadEndpoint(_names.AsSpan(i * LongestAddress, LongestAddress), _family);
            batch.Add(new ReceiveBatch.Arrival(length, DatagramBytesOf(i) is > 0 and var size ? size : length, remote));
        }
    }

    public void Dispose()
    {
        // Who reads from the socket after us expects one datagram a call.
        if (Coalesces) TrySetCoalescing(false);
        _handle.DangerousRelease();
    }

    private bool TrySetCoalescing(bool value)
    {
        try
        {
            _socket.SetRawSocketOption(LinuxCalls.UdpLevel, LinuxCalls.UdpGro, BitConverter.GetBytes(value ? 1 : 0));
            return value;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // A kernel before 5.0, where each datagram comes by itself; or at the end a socket that is gone.
            return false;
        }
    }

    private void Prepare(ReceiveBatch batch)
    {
        // The kernel overwrites the lengths with what it used.
        for (var i = 0; i < ReceiveBatch.Places; i++)
        {
            _pieces[i] = new LinuxCalls.Piece { Bytes = Address(batch.PlaceAt(i)), Length = ReceiveBatch.PlaceBytes };
            _messages[i].Header = new LinuxCalls.MessageHeader
            {
                Name = Address(_names.AsSpan(i * LongestAddress)),
                NameLength = LongestAddress,
                Pieces = (LinuxCalls.Piece*)Unsafe.AsPointer(ref _pieces[i]),
                PieceCount = 1,
                Control = Address(_controls.AsSpan(i * ControlBytes)),
                ControlLength = ControlBytes,
            };
        }
    }

    // The size at which a train was joined stands in a control message; without one it is a single datagram.
    private int DatagramBytesOf(int index)
    {
        var control = _controls.AsSpan(index * ControlBytes, (int)Math.Min(_messages[index].Header.ControlLength, ControlBytes));
        var header = LinuxCalls.ControlHeaderBytes;
        while (control.Length >= header)
        {
            var length = (int)MemoryMarshal.Read<nuint>(control);
            if (length < header || length > control.Length) return 0;
            var level = MemoryMarshal.Read<int>(control[sizeof(nuint)..]);
            var type = MemoryMarshal.Read<int>(control[(sizeof(nuint) + sizeof(int))..]);
            if (level == LinuxCalls.UdpLevel && type == LinuxCalls.UdpGro && length >= header + sizeof(int))
                return MemoryMarshal.Read<int>(control[header..]);
            control = control[Math.Min(control.Length, (length + sizeof(nuint) - 1) & ~(sizeof(nuint) - 1))..];
        }

        return 0;
    }

    // All of these arrays are pinned.
    private static byte* Address(Span<byte> pinned) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned));
}
