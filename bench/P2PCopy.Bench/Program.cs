using System.Net;
using P2PCopy.Bench;
using P2PCopy.Datagrams;

using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
switch (args)
{
    case ["udt-send", var to, var bytes] when UdpEndpoint.TryParse(to, out var receiver):
        await UdtRole.SendAsync(receiver, long.Parse(bytes, null), limit.Token);
        return 0;
    case ["udt-receive", var at, var bytes]:
        await UdtRole.ReceiveAsync(IPEndPoint.Parse(at), long.Parse(bytes, null), limit.Token);
        return 0;
    default:
        Console.Error.WriteLine("usage: udt-send HOST:PORT BYTES | udt-receive HOST:PORT BYTES");
        return 1;
}
