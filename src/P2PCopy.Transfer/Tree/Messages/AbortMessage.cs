using System.Text;
using System.Text.Unicode;
using P2PCopy.Datagrams;

namespace P2PCopy.Transfer.Tree.Messages;

/// <summary>Why a side ends the session at once.</summary>
internal enum AbortReason : byte
{
    Refused = 0,
    Disk = 1,
    Source = 2,
    Protocol = 3,
    Interrupted = 4,
    Versions = 5,
}

/// <summary>The last word of a side that gives up: a view over the bytes.</summary>
internal readonly ref struct AbortMessage : IWireFormat<AbortMessage>
{
    //  | reason, 1 | a sentence in UTF-8, at most 512 bytes |
    public AbortReason Reason { get; init; }

    public ReadOnlySpan<byte> Sentence { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> datagram, out AbortMessage packet)
    {
        var reader = new PacketReader(datagram);
        packet = new AbortMessage { Reason = (AbortReason)reader.ReadByte(), Sentence = reader.Rest };
        return !reader.Failed && packet.Sentence.Length <= TreeLimits.SentenceBytes && Utf8.IsValid(packet.Sentence);
    }

    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteByte((byte)Reason);
        writer.WriteBytes(Sentence);
        return writer.Length;
    }

    /// <summary>The sentence in the bytes of the wire, cut between characters when it is too long.</summary>
    public static byte[] Pack(string sentence)
    {
        var bytes = new byte[TreeLimits.SentenceBytes];
        Utf8.FromUtf16(sentence, bytes, out _, out var written);
        return bytes[..written];
    }

    public string ReadSentence() => Encoding.UTF8.GetString(Sentence);
}
