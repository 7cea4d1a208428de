using P2PCopy.EndToEnd.Interop;
using P2PCopy.EndToEnd.Lab;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.Bench;

/// <summary>Something that carries a stream from one machine to another: two processes, a listener and a caller.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="StartReceiver">Starts the listener on the machine, at the address, for so many bytes.</param>
/// <param name="StartSender">Starts the caller on the machine, towards the address.</param>
internal sealed record Contestant(
    string Name,
    Func<LabNamespace, string, long, RealProcess> StartReceiver,
    Func<LabNamespace, string, long, RealProcess> StartSender)
{
    /// <summary>Starts what makes it hard, on a third machine, towards the address; none if <see langword="null"/>.</summary>
    public Func<LabNamespace, string, RealProcess>? Disturb { get; init; }

    /// <summary>The machine of the caller.</summary>
    public const string SenderAddress = "10.3.0.1";

    /// <summary>The C++ library, release 4.11, as Debian ships it.</summary>
    public static Contestant Reference { get; } = new(
        "reference UDT 4.11",
        (machine, at, bytes) => ReferencePeer.Start(machine, "listener", "--local", at, "--receive", $"{bytes}", "--receive-seed", "1").Process,
        (machine, to, bytes) => ReferencePeer.Start(
            machine, "caller", "--local", "0.0.0.0:0", "--peer", to, "--send", $"{bytes}", "--send-seed", "1").Process);

    /// <summary>This repository.</summary>
    public static Contestant Ours { get; } = new(
        "P2PCopy.Udt",
        (machine, at, bytes) => machine.Start("dotnet", Program, "udt-receive", at, $"{bytes}"),
        (machine, to, bytes) => machine.Start("dotnet", Program, "udt-send", to, $"{bytes}"));

    /// <summary>This repository, every datagram sealed.</summary>
    public static Contestant Sealed { get; } = new(
        "sealed",
        (machine, at, bytes) => machine.Start("dotnet", Program, "sealed-receive", at, SenderAddress, $"{bytes}"),
        (machine, to, bytes) => machine.Start("dotnet", Program, "sealed-send", to, $"{bytes}"));

    /// <summary>The same while somebody on another wire floods the receiver with 50,000 datagrams of garbage a second.</summary>
    public static Contestant SealedUnderFlood { get; } = Sealed with
    {
        Name = "sealed, 50,000 garbage/s",
        Disturb = (machine, to) => machine.Start("dotnet", Program, "flood", to, "50000"),
    };

    private static string Program => typeof(Contestant).Assembly.Location;
}
