using System.Net;
using System.Net.Sockets;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>How the lab knows that a server is ready: by a real request, repeated until it is answered as it should be.</summary>
internal static class RequestUntilAnswered
{
    public delegate bool IsAnswer(ReadOnlySpan<byte> datagram);

    public static void Run(Socket client, IPEndPoint server, byte[] request, IsAnswer isAnswer, RealProcess process, TimeSpan limit)
    {
        var buffer = new byte[2048];
        for (var deadline = DateTime.UtcNow + limit; DateTime.UtcNow < deadline && !process.HasExited;)
        {
            try
            {
                client.SendTo(request, server);
                if (!client.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead)) continue;
                if (isAnswer(buffer.AsSpan(0, client.Receive(buffer)))) return;
            }
            catch (SocketException)
            {
                // "Port unreachable": it does not listen yet.
            }
        }

        throw new InvalidOperationException($"No answer from {server}:\n{process.Transcript}");
    }
}
