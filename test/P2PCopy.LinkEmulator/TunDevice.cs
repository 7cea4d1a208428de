using System.Diagnostics;
using System.Text;
using P2PCopy.Simulation.Links;

namespace P2PCopy.LinkEmulator;

/// <summary>
/// A TUN device: what a network namespace sends into it is read here, what is written here arrives there. Whole IP packets or trains of
/// packets, each behind an <see cref="OffloadHeader"/>.
/// </summary>
internal sealed unsafe class TunDevice : IDisposable
{
    private const nuint TunSetInterface = 0x400454ca;
    private const nuint TunSetOffload = 0x400454d0;

    // IFF_TUN, IFF_NO_PI, IFF_VNET_HDR: whole IP packets, each behind a header of offloads.
    private const short TunWithOffloads = 0x5001;

    // TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6, and since Linux 6.2 TUN_F_USO4 and TUN_F_USO6.
    private const nint TcpTrains = 0x07;
    private const nint AllTrains = 0x67;

    private const int NameBytes = 16;

    private TunDevice(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; }

    /// <summary>Makes the device inside the namespace and brings it up. It vanishes when it is disposed.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">No such namespace, no permission, or the name is taken.</exception>
    public static TunDevice Create(DeviceName name, LinkProfile link)
    {
        TunDevice? device = null;
        Exception? failure = null;

        // A thread of its own enters the namespace and ends there; what it opened stays usable for all.
        var thread = new Thread(() =>
        {
            try
            {
                Enter(name.Namespace);
                device = Open(name.Device);
                if (link.BitsPerSecond > 0) DeviceSpeed.Set(name.Device, link.BitsPerSecond);
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null) throw failure;

        // The device's own queue must never be the one that drops: that is for the emulated link to do. Without an address of its own
        // making the kernel sends nothing by itself, and the counters are those of the traffic under test.
        Ip(name.Namespace, $"""
            link set {name.Device} mtu {link.Mtu} txqueuelen 20000 addrgenmode none
            addr add {name.Address} dev {name.Device}
            link set {name.Device} up
            """);
        return device!;
    }

    public void Dispose() => SystemCalls.Check(SystemCalls.Close(Descriptor), "close");

    private static void Enter(string name)
    {
        var descriptor = SystemCalls.Check(SystemCalls.Open($"/run/netns/{name}", SystemCalls.CloseOnExec), $"open namespace {name}");
        SystemCalls.Check(SystemCalls.SetNamespace(descriptor, SystemCalls.NewNetwork), $"enter namespace {name}");
        SystemCalls.Check(SystemCalls.Close(descriptor), "close");
    }

    private static TunDevice Open(string name)
    {
        const int Flags = SystemCalls.ReadWrite | SystemCalls.NonBlocking | SystemCalls.CloseOnExec;
        var descriptor = SystemCalls.Check(SystemCalls.Open("/dev/net/tun", Flags), "open /dev/net/tun");

        // struct ifreq: the name, then the flags; 40 bytes.
        var request = stackalloc byte[40];
        Encoding.ASCII.GetBytes(name, new Span<byte>(request, NameBytes - 1));
        *(short*)(request + NameBytes) = TunWithOffloads;
        SystemCalls.Check(SystemCalls.IoControl(descriptor, TunSetInterface, request), $"create device {name}");

        // Like a network card, the device takes trains of packets. An older kernel cuts those of UDP itself: dearer, and the same else.
        if (SystemCalls.IoControl(descriptor, TunSetOffload, (void*)AllTrains) < 0)
            SystemCalls.Check(SystemCalls.IoControl(descriptor, TunSetOffload, (void*)TcpTrains), "take trains");
        return new TunDevice(descriptor);
    }

    private static void Ip(string name, string commands)
    {
        var start = new ProcessStartInfo("ip", ["-n", name, "-batch", "-"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(commands + "\n");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"ip in {name}: {errors}{commands}");
    }
}
