using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using P2PCopy.EndToEnd.Lab;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.Bench;

/// <summary>
/// HTTP/3 by ngtcp2, as Debian ships it, on one machine of the lab: it gives the file to who asks for it. Its own example programs are what
/// a user of that library starts with; they send many packets at once.
/// </summary>
internal sealed class QuicServer
{
    private const string Port = "4433";
    private const string Window = "64M";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Validity = TimeSpan.FromDays(7);

    private readonly RealProcess _process;
    private readonly string _url;

    private QuicServer(RealProcess process, string url) => (_process, _url) = (process, url);

    /// <summary>The arguments with which a client gets the file; the windows hold what the longest path of the lab does.</summary>
    public string[] ClientArguments(string folder) =>
    [
        "-q", "--exit-on-all-streams-close", $"--download={folder}", $"--max-data={Window}", $"--max-stream-data-bidi-local={Window}",
        $"--max-window={Window}", $"--max-stream-window={Window}", Trial.LeftAddress, Port, _url,
    ];

    /// <summary>Starts it.</summary>
    /// <param name="machine">Where it runs.</param>
    /// <param name="file">What it gives.</param>
    /// <param name="control">Its congestion control, by ngtcp2's name.</param>
    public static async Task<QuicServer> StartAsync(LabNamespace machine, string file, string control)
    {
        var folder = machine.Lab.AddFolder("quic");
        var (key, certificate) = (Path.Combine(folder, "key.pem"), Path.Combine(folder, "certificate.pem"));
        using (var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            var now = DateTimeOffset.UtcNow;
            using var signed = new CertificateRequest("CN=lab", pair, HashAlgorithmName.SHA256).CreateSelfSigned(now - Validity, now + Validity);
            await File.WriteAllTextAsync(key, pair.ExportPkcs8PrivateKeyPem());
            await File.WriteAllTextAsync(certificate, signed.ExportCertificatePem());
        }

        var process = Trial.StartCommand(machine, "/usr/sbin/gtlsserver", "-q", $"--cc={control}", "-d", Path.GetDirectoryName(file)!, Trial.LeftAddress, Port, key, certificate);
        await WaitUntilBoundAsync(machine);
        return new QuicServer(process, $"https://{Trial.LeftAddress}:{Port}/{Path.GetFileName(file)}");
    }

    /// <summary>Ends it; the line of what it has cost.</summary>
    public Task<string> StopAsync()
    {
        _process.EndInput();
        return _process.WaitForLineAsync("ran ", Limit);
    }

    // It says nothing when it is ready, so its socket is looked for.
    private static async Task WaitUntilBoundAsync(LabNamespace machine)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!machine.Run("ss", "-lnuH", "sport", "=", $":{Port}").Contains(Port, StringComparison.Ordinal)) await Task.Delay(20, limit.Token);
    }
}
