namespace P2PCopy.NatTraversal.Stun;

/// <summary>The attribute types of STUN that occur in Binding requests and answers (RFC 8489 §14, RFC 5780 §7, RFC 3489 §11.2).</summary>
public static class StunAttribute
{
    /// <summary>MAPPED-ADDRESS: where the request came from, in the clear.</summary>
    public const ushort MappedAddress = 0x0001;

    /// <summary>CHANGE-REQUEST: answer from another address, another port, or both (RFC 5780 §7.2).</summary>
    public const ushort ChangeRequest = 0x0003;

    /// <summary>SOURCE-ADDRESS of RFC 3489: where the answer was sent from.</summary>
    public const ushort SourceAddress = 0x0004;

    /// <summary>CHANGED-ADDRESS of RFC 3489: the server's other address and port.</summary>
    public const ushort ChangedAddress = 0x0005;

    /// <summary>USERNAME.</summary>
    public const ushort Username = 0x0006;

    /// <summary>MESSAGE-INTEGRITY.</summary>
    public const ushort MessageIntegrity = 0x0008;

    /// <summary>ERROR-CODE.</summary>
    public const ushort ErrorCode = 0x0009;

    /// <summary>UNKNOWN-ATTRIBUTES.</summary>
    public const ushort UnknownAttributes = 0x000a;

    /// <summary>REALM.</summary>
    public const ushort Realm = 0x0014;

    /// <summary>NONCE.</summary>
    public const ushort Nonce = 0x0015;

    /// <summary>MESSAGE-INTEGRITY-SHA256.</summary>
    public const ushort MessageIntegritySha256 = 0x001c;

    /// <summary>XOR-MAPPED-ADDRESS: where the request came from, hidden from routers that rewrite addresses in payloads.</summary>
    public const ushort XorMappedAddress = 0x0020;

    /// <summary>PADDING (RFC 5780 §7.6).</summary>
    public const ushort Padding = 0x0026;

    /// <summary>RESPONSE-PORT: answer to another port of the address that asked (RFC 5780 §7.5).</summary>
    public const ushort ResponsePort = 0x0027;

    /// <summary>SOFTWARE.</summary>
    public const ushort Software = 0x8022;

    /// <summary>FINGERPRINT.</summary>
    public const ushort Fingerprint = 0x8028;

    /// <summary>RESPONSE-ORIGIN: where the answer was sent from (RFC 5780 §7.3).</summary>
    public const ushort ResponseOrigin = 0x802b;

    /// <summary>OTHER-ADDRESS: the server's other address and port (RFC 5780 §7.4).</summary>
    public const ushort OtherAddress = 0x802c;

    /// <summary>
    /// Whether a message may be used although it carries this attribute: types from 0x8000 may be skipped by whoever does not know
    /// them, the others must be understood (RFC 8489 §14).
    /// </summary>
    public static bool MayBeCarried(ushort type) => type >= 0x8000 || type is MappedAddress or ChangeRequest or SourceAddress
        or ChangedAddress or Username or MessageIntegrity or ErrorCode or UnknownAttributes or Realm or Nonce
        or MessageIntegritySha256 or XorMappedAddress or Padding or ResponsePort;
}
