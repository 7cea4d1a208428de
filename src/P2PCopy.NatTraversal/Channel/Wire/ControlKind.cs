namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>What a sealed message of the channel itself is: its first byte.</summary>
internal enum ControlKind : byte
{
    /// <summary>Nothing, of any length.</summary>
    Padding = 0x00,

    /// <summary>Asks for a <see cref="Pong"/> with the same challenge.</summary>
    Ping = 0x01,

    /// <summary>Answers a <see cref="Ping"/> and says from where it came.</summary>
    Pong = 0x02,

    /// <summary>Addresses at which its sender may be reached.</summary>
    Candidates = 0x03,

    /// <summary>The initiator of the session chooses the path on which this arrives.</summary>
    Nominate = 0x04,

    /// <summary>The initiator opens its commitment; the responder says that it did.</summary>
    Confirm = 0x05,

    /// <summary>An ML-KEM-768 encapsulation key.</summary>
    KemKey = 0x06,

    /// <summary>An ML-KEM-768 ciphertext.</summary>
    KemCiphertext = 0x07,

    /// <summary>The session is over.</summary>
    Close = 0x08,
}
