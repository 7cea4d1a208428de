using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace P2PCopy.Datagrams.IO.Receiving;

/// <summary>recvfrom(2) that does not wait: one system call for a datagram, and one to learn that there is none.</summary>
internal sealed class LinuxReceiver : IDatagramReceiver, IDisposable
{
    private const int DontWait = 0x40;
    private const int LongestAddress = 28;

    private readonly SafeHandle _handle;
    private readonly int _descriptor;
    private readonly AddressFamily _family;

    private LinuxReceiver(Socket socket)
    {
        (_handle, _family) = (socket.SafeHandle, socket.AddressFamily);
        var held = false;
        _handle.DangerousAddRef(ref held);
        _descriptor = (int)_handle.DangerousGetHandle();
    }

    /// <summary>The receiver, or null on another system.</summary>
    public static LinuxReceiver? TryCreate(Socket socket) => OperatingSystem.IsLinux() ? new LinuxReceiver(socket) : null;

    public unsafe bool TryReceive(Span<byte> buffer, out int length, out UdpEndpoint remote)
    {
        Span<byte> address = stackalloc byte[LongestAddress];
        var addressLength = LongestAddress;
        fixed (byte* bytes = buffer)
        fixed (byte* source = address)
            length = (int)ReceiveFrom(_descriptor, bytes, (nuint)buffer.Length, DontWait, source, &addressLength);

        // An error is nearly always that nothing is there; else it is what an earlier datagram met, and the socket has forgotten it now.
        remote = length >= 0 ? SocketAddressExtensions.ReadEndpoint(address, _family) : default;
        return length >= 0;
    }

    public void Dispose() => _handle.DangerousRelease();

    [DllImport("libc", EntryPoint = "recvfrom")]
    private static unsafe extern nint ReceiveFrom(int descriptor, byte* buffer, nuint length, int flags, byte* address, int* addressLength);
}
