using P2PCopy.Udt;

namespace P2PCopy.Cli.Commands.Sealed;

/// <summary>
/// How much may be under way in a copy: as much as fits the promised 150 MiB of memory together with all else that a process of ours
/// needs. Memory is taken as the path fills, not for the window. PROTOCOL UDT-28.
/// </summary>
internal static class CopyWindows
{
    /// <summary>
    /// Bytes of content: 10 gigabit Ethernet carries 81,274 packets in 100 ms, and as many of 1,424 bytes are 110.4 MiB.
    /// </summary>
    public const int ContentBytes = 112 << 20;

    /// <summary>
    /// Packets the other way, where nobody sends content: plans and hashes of blocks are a small part of what they are about. What a
    /// peer fills all the same is 1.5 MiB.
    /// </summary>
    public const int AnswerPackets = 512;

    /// <summary>Packets for which a sender makes the memory while it waits for its peer: as many as it reads ahead of their sending.</summary>
    public const int MadeToSend = 8192;

    /// <summary>The same for a receiver: what waits for its disk.</summary>
    public const int MadeToReceive = 4096;

    /// <summary>Sets the windows of one side.</summary>
    /// <param name="options">The other options, with the size of packets.</param>
    /// <param name="sends">Whether this side sends the files.</param>
    public static UdtOptions ApplyTo(UdtOptions options, bool sends)
    {
        var content = options.PacketsOf(ContentBytes);
        return options with { SendBufferPackets = sends ? content : AnswerPackets, ReceiveBufferPackets = sends ? AnswerPackets : content };
    }

    /// <summary>Sets the windows of a side that sends and receives as much: one after the other, but neither gives its memory back.</summary>
    public static UdtOptions ApplyToBothWays(UdtOptions options)
    {
        var half = options.PacketsOf(ContentBytes / 2);
        return options with { SendBufferPackets = half, ReceiveBufferPackets = half };
    }
}
