namespace P2PCopy.Transfer.Messages;

/// <summary>What a peer may announce. Everything above is refused before a byte is reserved for it.</summary>
internal static class FramingLimits
{
    /// <summary>
    /// Longest name on the wire in bytes. A file system's name has at most 255 UTF-16 units (765 bytes of UTF-8) or 255 bytes,
    /// so what is longer names no file, and a name that is merely too long for us can still be shown to the user.
    /// </summary>
    public const int NameBytes = 1024;

    /// <summary>Longest block: the buffer of every receiver of this protocol.</summary>
    public const int BlockBytes = 4 << 20;
}
