using System.Net;
using P2PCopy.Datagrams;
using P2PCopy.Datagrams.IO;
using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.IO;
using P2PCopy.NatTraversal.Sealed;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Udt;
using P2PCopy.Udt.IO;

namespace P2PCopy.Streams;

/// <summary>One end of a measured stream over a sealed link between two that hold each other's ticket.</summary>
internal static class SealedRole
{
    private const byte SenderSeed = 1;
    private const byte ReceiverSeed = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Meets the receiver and sends.</summary>
    public static Task<int> SendAsync(UdpEndpoint receiver, long bytes) => RunAsync(
        UdtRole.SenderAddress, SenderSeed, true, TicketOf(receiver, ReceiverSeed, false), (stream, limit) => UdtRole.SendAsync(stream, bytes, limit));

    /// <summary>Meets the sender and receives.</summary>
    public static Task<int> ReceiveAsync(IPEndPoint local, long bytes) => RunAsync(
        local, ReceiverSeed, false, TicketOf(UdpEndpoint.From(UdtRole.SenderAddress), SenderSeed, true), (stream, limit) => UdtRole.ReceiveAsync(stream, bytes, limit));

    private static async Task<int> RunAsync(IPEndPoint local, byte seed, bool sends, Ticket peer, Func<UdtStream, CancellationToken, Task<int>> run)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var key = KeyOf(seed);
        using var driver = new UdpDriver(UdpSocket.Open(local));
        await using var link = SealedLink.Start(driver, new SealedPeerOptions { Key = key, WantsToSend = sends });
        Console.WriteLine($"bound port={link.LocalEndpoint.Port}");
        link.Paste(peer);
        await link.Ready.WaitAsync(limit.Token);
        await using var udt = new UdtSocket(link, UdtRole.OptionsOfPeers(UdtOptions.MssOf(link.LargestPacket)));
        return await run(await udt.RendezvousAsync(SealedPeer.VirtualPeer, limit.Token), limit.Token);
    }

    private static Ticket TicketOf(UdpEndpoint address, byte seed, bool sends)
    {
        using var key = KeyOf(seed);
        return new Ticket { Primary = address, PublicKey = key.Public, WantsToSend = sends };
    }

    // Both ends make both keys, so that no ticket has to be carried between the processes.
    private static StaticKey KeyOf(byte seed)
    {
        var bytes = new byte[PublicKey.Length];
        Array.Fill(bytes, seed);
        return StaticKey.FromSeed(bytes);
    }
}
