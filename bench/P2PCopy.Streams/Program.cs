using System.Net;
using P2PCopy.Datagrams;
using P2PCopy.Streams;

switch (args)
{
    case ["udt-send", var to, var bytes] when UdpEndpoint.TryParse(to, out var receiver):
        return await UdtRole.SendAsync(receiver, long.Parse(bytes, null));
    case ["udt-receive", var at, var bytes]:
        return await UdtRole.ReceiveAsync(IPEndPoint.Parse(at), long.Parse(bytes, null));
    case ["plain-send", var to, var bytes] when UdpEndpoint.TryParse(to, out var receiver):
        return await UdtRole.MeetAndSendAsync(receiver, long.Parse(bytes, null));
    case ["plain-receive", var at, var bytes]:
        return await UdtRole.MeetAndReceiveAsync(IPEndPoint.Parse(at), long.Parse(bytes, null));
    case ["sealed-send", var to, var bytes] when UdpEndpoint.TryParse(to, out var receiver):
        return await SealedRole.SendAsync(receiver, long.Parse(bytes, null));
    case ["sealed-receive", var at, var bytes]:
        return await SealedRole.ReceiveAsync(IPEndPoint.Parse(at), long.Parse(bytes, null));
    default:
        Console.Error.WriteLine("usage: streams udt|plain|sealed-send TO BYTES | udt|plain|sealed-receive AT BYTES");
        return 1;
}
