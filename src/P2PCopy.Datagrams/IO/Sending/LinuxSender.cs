using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using P2PCopy.Datagrams.IO.Linux;

namespace P2PCopy.Datagrams.IO.Sending;

/// <summary>
/// sendmsg(2) with the size of the train's datagrams beside it (UDP_SEGMENT): the kernel, or the network card, cuts it. The size comes
/// with each call, never from the socket, where it would cut a probe of a longer datagram in two.
/// </summary>
internal sealed unsafe class LinuxSender : IDatagramSender, IDisposable
{
    private const int WriteWaitMicroseconds = 100_000;

    private readonly Socket _socket;
    private readonly SafeHandle _handle;
    private readonly int _descriptor;
    private readonly SocketAddress _address;

    private LinuxSender(Socket socket)
    {
        (_socket, _handle) = (socket, socket.SafeHandle);
        _address = SocketAddressExtensions.CreateEmpty(socket.AddressFamily);
        var held = false;
        _handle.DangerousAddRef(ref held);
        _descriptor = (int)_handle.DangerousGetHandle();
    }

    /// <summary>Whether trains leave in one call; false for good after the system could not do it.</summary>
    public bool Segments { get; private set; } = true;

    /// <summary>The sender, or null on another system.</summary>
    public static LinuxSender? TryCreate(Socket socket) => OperatingSystem.IsLinux() ? new LinuxSender(socket) : null;

    public int Send(ReadOnlySpan<byte> train, int datagramBytes, UdpEndpoint destination)
    {
        if (!_address.TryWriteEndpoint(destination)) return (train.Length + datagramBytes - 1) / datagramBytes;
        if (Segments && train.Length > datagramBytes)
        {
            var error = TrySend(train, (ushort)datagramBytes);
            if (error == 0) return 0;

            // The device cannot, the kernel will not: never again. A datagram longer than the way's MTU can still go in fragments.
            if (error is LinuxCalls.IOError or LinuxCalls.InvalidArgument or LinuxCalls.NoSuchOption or LinuxCalls.NotSupported) Segments = false;
            else if (error != LinuxCalls.MessageTooLong) return (train.Length + datagramBytes - 1) / datagramBytes;
        }

        var refused = 0;
        for (var rest = train; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, datagramBytes)..])
            if (TrySend(rest[..Math.Min(rest.Length, datagramBytes)], 0) != 0) refused++;
        return refused;
    }

    public void Dispose() => _handle.DangerousRelease();

    /// <summary>The error of the call, 0 when all left.</summary>
    private int TrySend(ReadOnlySpan<byte> bytes, ushort segmentBytes)
    {
        Span<byte> control = stackalloc byte[LinuxCalls.ControlHeaderBytes + sizeof(nuint)];
        fixed (byte* data = bytes)
        fixed (byte* name = _address.Buffer.Span)
        fixed (byte* beside = control)
        {
            var piece = new LinuxCalls.Piece { Bytes = data, Length = (nuint)bytes.Length };
            var message = new LinuxCalls.MessageHeader
            {
                Name = name,
                NameLength = (uint)_address.Size,
                Pieces = &piece,
                PieceCount = 1,
            };
            if (segmentBytes > 0)
            {
                control.Clear();
                var size = LinuxCalls.ControlHeaderBytes + sizeof(ushort);
                Unsafe.WriteUnaligned(beside, (nuint)size);
                Unsafe.WriteUnaligned(beside + sizeof(nuint), LinuxCalls.UdpLevel);
                Unsafe.WriteUnaligned(beside + sizeof(nuint) + sizeof(int), LinuxCalls.UdpSegment);
                Unsafe.WriteUnaligned(beside + LinuxCalls.ControlHeaderBytes, segmentBytes);
                message.Control = beside;
                message.ControlLength = (nuint)control.Length;
            }

            for (var waited = false; ;)
            {
                if (LinuxCalls.SendMessage(_descriptor, &message, 0) >= 0) return 0;
                var error = LinuxCalls.LastError;
                if (error == LinuxCalls.Interrupted) continue;

                // Somebody else made the socket one that does not wait; a full send buffer is no reason to lose a datagram.
                if (error != LinuxCalls.TryAgain || waited) return error;
                waited = true;
                _socket.Poll(WriteWaitMicroseconds, SelectMode.SelectWrite);
            }
        }
    }
}
