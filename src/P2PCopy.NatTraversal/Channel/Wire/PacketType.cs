namespace P2PCopy.NatTraversal.Channel.Wire;

/// <summary>What a datagram of the sealed protocol is: byte 1 of its header.</summary>
internal enum PacketType : byte
{
    /// <summary>First message of Noise IK, to the holder of a ticket's key; also the probe that opens a path.</summary>
    Init = 0x01,

    /// <summary>Second message of Noise IK.</summary>
    Response = 0x02,

    /// <summary>First message of Noise XX, to a bare address.</summary>
    HelloXX = 0x03,

    /// <summary>Second message of Noise XX.</summary>
    ResponseXX = 0x04,

    /// <summary>Third message of Noise XX.</summary>
    FinishXX = 0x05,

    /// <summary>A sealed packet of the transport.</summary>
    Data = 0x10,

    /// <summary>A sealed message of the channel itself.</summary>
    Control = 0x11,
}
