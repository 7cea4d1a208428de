namespace P2PCopy.Udt.Wire;

/// <summary>What a control packet says: bits 30–16 of its first word (draft-gg-udt-03 §2).</summary>
internal enum ControlType : ushort
{
    Handshake = 0,
    KeepAlive = 1,
    Ack = 2,
    Nak = 3,
    CongestionWarning = 4,
    Shutdown = 5,
    Ack2 = 6,
    MessageDrop = 7,
    PeerError = 8,
    DeliveryReport = 9,
    UserDefined = 0x7fff,
}
