using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.Receiving;

/// <summary>What a receiver is asked about. Nothing has been written when it is asked.</summary>
/// <param name="Name">The checked name.</param>
/// <param name="Size">The size in bytes; the peer cannot send more.</param>
/// <param name="Exists">Whether a file of that name is there already.</param>
/// <param name="TargetPath">Where the file would be put as things stand.</param>
/// <param name="FreeBytes">Free space at the target in bytes, if the system tells.</param>
public sealed record Offer(SafeName Name, long Size, bool Exists, string TargetPath, long? FreeBytes)
{
    /// <summary>The name for a terminal.</summary>
    public string DisplayName => DisplayText.Escape(Name.Value);
}
