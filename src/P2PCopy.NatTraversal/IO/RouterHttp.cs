using System.Net;
using System.Net.Http.Headers;
using System.Text;
using P2PCopy.NatTraversal.PortMapping.Upnp;

namespace P2PCopy.NatTraversal.IO;

/// <summary>
/// Carries requests to a router's small HTTP server, which may be anybody's: no proxy, no redirect, no cookies, no compression; a
/// second, and as many bytes as a description may have.
/// </summary>
internal sealed class RouterHttp : IDisposable
{
    private const int HeaderKibibytes = 8;

    /// <summary>How long one request may take in all.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1); // PROTOCOL MAP-14.

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Limit,
        MaxResponseHeadersLength = HeaderKibibytes,

        // What is left of an answer is not read to keep the connection.
        MaxResponseDrainSize = 0,
        MaxConnectionsPerServer = 1,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Sends a request and reads the answer.</summary>
    /// <returns>The status, 0 when there was no answer or one that must not be read; and the body. Never throws.</returns>
    public async Task<(int Status, byte[] Body)> SendAsync(UpnpRequest request, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var message = Compose(request);
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            if (response.Content.Headers.ContentLength > RouterXml.Longest) return (0, []);
            using var body = await response.Content.ReadAsStreamAsync(limit.Token).ConfigureAwait(false);
            return await ReadAsync(body, limit.Token).ConfigureAwait(false) is { } bytes ? ((int)response.StatusCode, bytes) : (0, []);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException)
        {
            return (0, []);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Compose(UpnpRequest request)
    {
        if (request.Action is null) return new HttpRequestMessage(HttpMethod.Get, request.Target);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Body!));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
        var message = new HttpRequestMessage(HttpMethod.Post, request.Target) { Content = content };
        message.Headers.TryAddWithoutValidation("SOAPAction", $"\"{request.Action}\"");
        return message;
    }

    // Null when there is more than may be.
    private static async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = new byte[RouterXml.Longest + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return length > RouterXml.Longest ? null : buffer[..length];
    }
}
