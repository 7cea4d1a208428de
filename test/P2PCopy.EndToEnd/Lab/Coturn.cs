using System.Buffers.Binary;
using System.Net;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Lab;

/// <summary>
/// STUN servers of the internet: coturn, with the second address and port that RFC 5780 asks for, so it answers CHANGE-REQUEST.
/// </summary>
internal static class Coturn
{
    public const int Port = 3478;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Starts one server process on some addresses of the machine; returns when each answers.</summary>
    public static RealProcess Start(LabNamespace machine, params IReadOnlyList<string> addresses)
    {
        var folder = machine.Lab.AddFolder($"coturn-{addresses[0].Replace(':', '_')}");
        var process = machine.Start(
            "turnserver",
            [
                "-n", "-S", "--no-cli", "--no-tls", "--no-dtls", "--pidfile", Path.Combine(folder, "pid"), "--log-file", "stdout",
                .. addresses.SelectMany(address => new[] { "-L", address }),
            ]);
        foreach (var address in addresses)
        {
            var client = machine.OpenUdp(address.Contains(':', StringComparison.Ordinal) ? "::" : "0.0.0.0");
            RequestUntilAnswered.Run(client, new IPEndPoint(IPAddress.Parse(address), Port), BindingRequest(), IsSuccess, process, Limit);
        }

        return process;
    }

    // RFC 8489 §5: type, length, magic cookie, transaction id.
    private static byte[] BindingRequest()
    {
        var request = new byte[20];
        BinaryPrimitives.WriteUInt16BigEndian(request, 0x0001);
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(4), 0x2112a442);
        "lab is ready"u8.CopyTo(request.AsSpan(8));
        return request;
    }

    private static bool IsSuccess(ReadOnlySpan<byte> answer) => answer.Length >= 20 && BinaryPrimitives.ReadUInt16BigEndian(answer) == 0x0101;
}
