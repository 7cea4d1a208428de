using System.Buffers.Binary;
using System.Text;
using P2PCopy.Datagrams;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>Messages by hand, right and wrong ones.</summary>
internal static class Wire
{
    public static byte[] Message(MessageType type, params byte[] body)
    {
        var head = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(head, ((uint)type << 24) | (uint)body.Length);
        return [.. head, .. body];
    }

    public static byte[] Message<T>(MessageType type, T body) where T : struct, IWireFormat<T>
    {
        var buffer = new byte[1000];
        return Message(type, buffer[..body.Write(buffer)]);
    }

    public static byte[] Hello(bool sends, ushort lowest = 1, ushort highest = 1, TreeFeatures features = TreeFeatures.None) =>
        Message(MessageType.Hello, new HelloMessage(lowest, highest, sends, features));

    public static byte[] Offer(uint entries, uint files, ulong bytes) =>
        Message(MessageType.Offer, [.. U32(entries), .. U32(files), .. U64(bytes), 0]);

    public static byte[] Entry(byte depth, EntryKind kind, ulong size, string name)
    {
        var buffer = new byte[1000];
        var length = new EntryRecord { Depth = depth, Kind = kind, Size = size, Name = Encoding.UTF8.GetBytes(name), LinkTarget = "t"u8 }.Write(buffer);
        return buffer[..length];
    }

    public static byte[] Chunk(uint entry, ulong offset, int bytes) =>
        Message(MessageType.Chunk, [.. U32(entry), .. U64(offset), .. new byte[bytes]]);

    public static byte[] EndFile(uint entry, byte status, ulong size) => Message(MessageType.EndFile, [.. U32(entry), status, .. U64(size)]);

    public static byte[] Plan(params (byte Kind, uint Count)[] runs) =>
        Message(MessageType.Plan, [.. runs.SelectMany(run => (byte[])[run.Kind, .. U32(run.Count)])]);

    public static byte[] U32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] U64(ulong value) => [.. U32((uint)(value >> 32)), .. U32((uint)value)];
}
