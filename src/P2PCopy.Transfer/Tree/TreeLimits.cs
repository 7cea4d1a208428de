using System.Security.Cryptography;

namespace P2PCopy.Transfer.Tree;

/// <summary>What a peer may announce. All memory of a session follows from these numbers and not from what the peer says.</summary>
internal static class TreeLimits
{
    /// <summary>The unit of comparing: blocks of a file begin at multiples of it. Also the most that one message carries.</summary>
    public const int BlockBytes = 1 << 20;

    /// <summary>SHA-256 of a block, and of a whole file.</summary>
    public const int HashBytes = SHA256.HashSizeInBytes;

    public const int NameBytes = 255;

    public const int LinkTargetBytes = 4096;

    /// <summary>Bytes of a text that is shown.</summary>
    public const int TextBytes = 64 << 10;

    /// <summary>Folders that an entry may lie in.</summary>
    public const int Depth = 64;

    /// <summary>Entries of a manifest: what an index of 24 bits holds.</summary>
    public const int Entries = 1 << 24;

    public const int TopNames = 16;

    /// <summary>Bytes of each message but the content of a chunk.</summary>
    public const int MessageBytes = 64 << 10;

    /// <summary>Entries with content that a receiver may have asked for and that have not ended.</summary>
    public const int WantedEntries = 1 << 16;

    /// <summary>Bytes of chunks that may come before a receiver that wants all has said so by ACCEPT; they wait in its transport.</summary>
    public const int EarlyBytes = 8 << 20;

    /// <summary>Entries that may end before that.</summary>
    public const int EarlyEntries = 4096;

    /// <summary>Hashes that a receiver may have sent for blocks that the sender has not passed.</summary>
    public const int OpenHashes = 1 << 16;

    /// <summary>Hashes in one message.</summary>
    public const int HashesPerMessage = 1024;

    /// <summary>Bytes of a sentence that ends a session.</summary>
    public const int SentenceBytes = 512;

    /// <summary>The bytes of the block <paramref name="block"/> in a file of that size; 0 beyond its end.</summary>
    public static int BlockLength(long size, long block) =>
        block > size / BlockBytes ? 0 : (int)Math.Min(BlockBytes, size - (block * BlockBytes));

    /// <summary>Blocks of a file of that size.</summary>
    public static long Blocks(long size) => (size / BlockBytes) + (size % BlockBytes == 0 ? 0 : 1);
}
