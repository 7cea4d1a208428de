using System.Security.Cryptography;

namespace P2PCopy.Transfer.IO;

/// <summary>SHA-256 of the content while it flows, on a thread of its own beside the disk's and the network's.</summary>
internal sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SerialThread _thread = new("p2pcopy hash");

    /// <summary>Takes the next bytes; they must not change before the task is done.</summary>
    public Task AppendAsync(ReadOnlyMemory<byte> bytes) => _thread.Run(() =>
    {
        _hash.AppendData(bytes.Span);
        return 0;
    });

    /// <summary>The hash of everything, in lower-case hexadecimal.</summary>
    public Task<string> FinishAsync() => _thread.Run(() => Convert.ToHexStringLower(_hash.GetHashAndReset()));

    public void Dispose()
    {
        // In order, so that no work meets a hash that is gone.
        _ = _thread.Run(() =>
        {
            _hash.Dispose();
            return 0;
        });
        _thread.Dispose();
    }
}
