using System.Buffers.Binary;

namespace P2PCopy.Tests.Simulation.Paths;

/// <summary>Stands in for the seal: it says who sent a datagram and how often, and is as long as the real one. Nobody forges it here.</summary>
internal static class PathFrame
{
    public const byte Init = 1;
    public const byte Response = 2;
    public const byte Transport = 16;
    public const byte Ping = 17;
    public const byte Pong = 18;
    public const byte Nominate = 19;
    public const byte NominateAnswer = 20;
    public const byte Candidates = 21;
    public const byte CandidatesAnswer = 22;

    public const int Overhead = 32;
    public const int InitBytes = 160;
    public const int ResponseBytes = 128;
    public const int PongBytes = 60;

    // | kind | 3 | sender | counter | challenge or generation |

    public static int Write(Span<byte> buffer, byte kind, uint sender, ulong counter, ulong value, int length)
    {
        buffer[..length].Clear();
        buffer[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], sender);
        BinaryPrimitives.WriteUInt64BigEndian(buffer[8..], counter);
        BinaryPrimitives.WriteUInt64BigEndian(buffer[16..], value);
        return length;
    }

    public static uint Sender(ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]);

    public static ulong Counter(ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadUInt64BigEndian(datagram[8..]);

    public static ulong Value(ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadUInt64BigEndian(datagram[16..]);
}
