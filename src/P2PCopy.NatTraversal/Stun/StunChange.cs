namespace P2PCopy.NatTraversal.Stun;

/// <summary>From where a server is asked to answer; the bits of CHANGE-REQUEST (RFC 5780 §7.2).</summary>
[Flags]
public enum StunChange
{
    /// <summary>From where it was asked.</summary>
    None = 0,

    /// <summary>From its other port.</summary>
    Port = 2,

    /// <summary>From its other address.</summary>
    Address = 4,

    /// <summary>From its other address and its other port.</summary>
    AddressAndPort = Address | Port,
}
