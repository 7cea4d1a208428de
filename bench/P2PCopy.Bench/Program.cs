using System.Net;
using P2PCopy.Bench;
using P2PCopy.Datagrams;

switch (args)
{
    case ["udt-send", var to, var bytes] when UdpEndpoint.TryParse(to, out var receiver):
        return await UdtRole.SendAsync(receiver, long.Parse(bytes, null));
    case ["udt-receive", var at, var bytes]:
        return await UdtRole.ReceiveAsync(IPEndPoint.Parse(at), long.Parse(bytes, null));
    case ["sealed-send", var to, var bytes] when UdpEndpoint.TryParse(to, out var receiver):
        return await SealedRole.SendAsync(receiver, long.Parse(bytes, null));
    case ["sealed-receive", var at, var from, var bytes]:
        return await SealedRole.ReceiveAsync(IPEndPoint.Parse(at), IPAddress.Parse(from), long.Parse(bytes, null));
    case ["flood", var to, var perSecond] when UdpEndpoint.TryParse(to, out var target):
        return FloodRole.Run(target, int.Parse(perSecond, null));
    case []:
        return await Comparison.RunAsync(rounds: 5);
    case ["--rounds", var rounds]:
        return await Comparison.RunAsync(int.Parse(rounds, null));
    case ["--only", var name]:
        return await Comparison.RunAsync(rounds: 3, name);
    case ["link", var knobs, var mebibytes, var rounds]:
        return await Comparison.RunAsync(new BenchLink(knobs, knobs, long.Parse(mebibytes, null) << 20), int.Parse(rounds, null));
    case ["seal"]:
        return SealingComparison.Run(rounds: 21);
    default:
        Console.Error.WriteLine("usage: bench [--rounds N]      compares with the reference UDT library, and sealed with unsealed, and writes bench/RESULTS.md (root, Linux)");
        Console.Error.WriteLine("       bench --only NAME       compares one contestant only, such as 'sealed', and writes nothing");
        Console.Error.WriteLine("       bench link KNOBS MIB N  measures sealed streams over one link, such as '--rate 20M --delay 15ms --queue 122k'");
        Console.Error.WriteLine("       bench seal              compares ciphers: what a packet costs to seal and to open");
        return 1;
}
