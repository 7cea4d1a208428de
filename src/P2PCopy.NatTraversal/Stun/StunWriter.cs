using System.Buffers.Binary;
using System.Text;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>Builds a STUN message in a span; the length field is right after every attribute.</summary>
public ref struct StunWriter
{
    private readonly Span<byte> _buffer;
    private readonly TransactionId _id;
    private PacketWriter _writer;

    /// <summary>Writes the header.</summary>
    /// <param name="buffer">Where to write. Writing past its end throws <see cref="ArgumentException"/>.</param>
    /// <param name="type">The message type.</param>
    /// <param name="id">The transaction.</param>
    public StunWriter(Span<byte> buffer, ushort type, TransactionId id)
    {
        if (buffer.Length < StunMessage.HeaderBytes) throw new ArgumentException("the destination is too short for the packet");
        _buffer = buffer;
        _id = id;
        _writer = new PacketWriter(buffer);
        _writer.WriteUInt16(type);
        _writer.WriteUInt16(0);
        _writer.WriteUInt32(StunMessage.MagicCookie);
        _writer.WriteUInt64(id.High);
        _writer.WriteUInt32(id.Low);
    }

    /// <summary>Bytes written so far.</summary>
    public readonly int Length => _writer.Length;

    /// <summary>Writes an attribute of any kind.</summary>
    public void WriteAttribute(ushort type, scoped ReadOnlySpan<byte> value)
    {
        Begin(type, value.Length);
        _writer.WriteBytes(value);
        End();
    }

    /// <summary>Writes an address attribute in the clear.</summary>
    public void WriteAddress(ushort type, UdpEndpoint endpoint)
    {
        Begin(type, StunAddress.Length(endpoint));
        StunAddress.Write(ref _writer, endpoint);
        End();
    }

    /// <summary>Writes XOR-MAPPED-ADDRESS.</summary>
    public void WriteXorMappedAddress(UdpEndpoint endpoint)
    {
        Begin(StunAttribute.XorMappedAddress, StunAddress.Length(endpoint));
        StunAddress.WriteXored(ref _writer, endpoint, _id);
        End();
    }

    /// <summary>Writes CHANGE-REQUEST.</summary>
    public void WriteChangeRequest(StunChange change)
    {
        Begin(StunAttribute.ChangeRequest, 4);
        _writer.WriteUInt32((uint)change);
        End();
    }

    /// <summary>Writes RESPONSE-PORT.</summary>
    public void WriteResponsePort(ushort port)
    {
        Begin(StunAttribute.ResponsePort, 4);
        _writer.WriteUInt16(port);
        _writer.WriteUInt16(0);
        End();
    }

    /// <summary>Writes ERROR-CODE.</summary>
    /// <param name="code">300–699.</param>
    /// <param name="reason">A few words for people.</param>
    public void WriteErrorCode(int code, string reason)
    {
        var words = Encoding.UTF8.GetBytes(reason);
        Begin(StunAttribute.ErrorCode, 4 + words.Length);
        _writer.WriteUInt16(0);
        _writer.WriteByte((byte)(code / 100));
        _writer.WriteByte((byte)(code % 100));
        _writer.WriteBytes(words);
        End();
    }

    private void Begin(ushort type, int length)
    {
        _writer.WriteUInt16(type);
        _writer.WriteUInt16((ushort)length);
    }

    private void End()
    {
        while (_writer.Length % 4 != 0) _writer.WriteByte(0);
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(_writer.Length - StunMessage.HeaderBytes));
    }
}
