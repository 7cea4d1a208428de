using System.Buffers.Binary;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>
/// A STUN message (RFC 8489 §5) as a view over the datagram. What <see cref="TryRead"/> lets through has a true length field, the
/// magic cookie, and attributes that stay inside.
/// </summary>
/// <example><code>
/// if (StunMessage.TryRead(datagram, out var message) &amp;&amp; message.TryReadMappedAddress(out var seenFrom)) …
/// </code></example>
public readonly ref struct StunMessage : IWireFormat<StunMessage>
{
    //  |0 0|    message type (14)   |   length, without header (16)   |
    //  |                  magic cookie 0x2112a442                     |
    //  |                    transaction id (96)                       |
    //  |    attribute type (16)     |  length, without padding (16)   |
    //  |            value, padded to a multiple of four               |

    /// <summary>Bytes before the attributes.</summary>
    public const int HeaderBytes = 20;

    /// <summary>What tells STUN from other traffic on the same port.</summary>
    public const uint MagicCookie = 0x2112a442;

    /// <summary>Type of a Binding request.</summary>
    public const ushort BindingRequest = 0x0001;

    /// <summary>Type of a successful answer to it.</summary>
    public const ushort BindingSuccess = 0x0101;

    /// <summary>Type of an error answer to it.</summary>
    public const ushort BindingError = 0x0111;

    private readonly ReadOnlySpan<byte> _bytes;

    private StunMessage(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The message type: method and class together.</summary>
    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    /// <summary>The 96-bit transaction id.</summary>
    public TransactionId TransactionId => TransactionId.Read(_bytes[8..]);

    /// <summary>The attributes in their order.</summary>
    public StunAttributeWalk Attributes => new(_bytes[HeaderBytes..]);

    /// <summary>Whether there is an attribute that must be understood and is not (RFC 8489 §6.3): the message must not be used.</summary>
    public bool HasUnknownRequiredAttribute
    {
        get
        {
            var walk = Attributes;
            while (walk.MoveNext())
                if (!StunAttribute.MayBeCarried(walk.Type)) return true;
            return false;
        }
    }

    /// <summary>The number in ERROR-CODE, 300–699 (RFC 8489 §14.8), or 0.</summary>
    public int ErrorCode =>
        TryFind(StunAttribute.ErrorCode, out var value) && value.Length >= 4 ? ((value[2] & 7) * 100) + value[3] : 0;

    /// <summary>What CHANGE-REQUEST asks for; nothing when it is absent.</summary>
    public StunChange Change => TryFind(StunAttribute.ChangeRequest, out var value) && value.Length == 4
        ? (StunChange)BinaryPrimitives.ReadUInt32BigEndian(value) & StunChange.AddressAndPort
        : StunChange.None;

    /// <summary>To which port RESPONSE-PORT asks to answer; 0 when it is absent.</summary>
    public ushort ResponsePort =>
        TryFind(StunAttribute.ResponsePort, out var value) && value.Length == 4 ? BinaryPrimitives.ReadUInt16BigEndian(value) : (ushort)0;

    /// <summary>Whether the first bytes are those of a STUN message with the magic cookie; the cheap test of a shared socket.</summary>
    public static bool LooksLikeStun(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderBytes && datagram[0] < 0x40 && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == MagicCookie;

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out StunMessage packet)
    {
        packet = default;
        if (!LooksLikeStun(datagram)) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length != datagram.Length - HeaderBytes || length % 4 != 0) return false;
        var walk = new StunAttributeWalk(datagram[HeaderBytes..]);
        while (walk.MoveNext())
        {
        }

        if (walk.LeftTheMessage) return false;
        packet = new StunMessage(datagram);
        return true;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        _bytes.CopyTo(destination);
        return _bytes.Length;
    }

    /// <summary>The first attribute of a type; later ones of the same type do not count (RFC 8489 §14).</summary>
    public bool TryFind(ushort type, out ReadOnlySpan<byte> value)
    {
        var walk = Attributes;
        while (walk.MoveNext())
        {
            if (walk.Type != type) continue;
            value = walk.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>
    /// From where the server saw the request come. The hidden form is taken first: routers that rewrite addresses in payloads spoil
    /// the plain one.
    /// </summary>
    public bool TryReadMappedAddress(out UdpEndpoint endpoint)
    {
        // PROTOCOL STUN-4.
        if (TryFind(StunAttribute.XorMappedAddress, out var hidden)) return StunAddress.TryReadXored(hidden, TransactionId, out endpoint);
        endpoint = default;
        return TryFind(StunAttribute.MappedAddress, out var plain) && StunAddress.TryRead(plain, out endpoint);
    }

    /// <summary>The server's other address and port: OTHER-ADDRESS, or CHANGED-ADDRESS of old servers.</summary>
    public bool TryReadOtherAddress(out UdpEndpoint endpoint)
    {
        endpoint = default;
        return (TryFind(StunAttribute.OtherAddress, out var value) || TryFind(StunAttribute.ChangedAddress, out value))
            && StunAddress.TryRead(value, out endpoint);
    }

    /// <summary>From where the server says it answered: RESPONSE-ORIGIN, or SOURCE-ADDRESS of old servers.</summary>
    public bool TryReadResponseOrigin(out UdpEndpoint endpoint)
    {
        endpoint = default;
        return (TryFind(StunAttribute.ResponseOrigin, out var value) || TryFind(StunAttribute.SourceAddress, out value))
            && StunAddress.TryRead(value, out endpoint);
    }
}
