namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>The ways to ask a router for a port.</summary>
[Flags]
public enum PortMappingProtocols
{
    /// <summary>Ask nobody.</summary>
    None = 0,

    /// <summary>Port Control Protocol (RFC 6887).</summary>
    Pcp = 1,

    /// <summary>NAT Port Mapping Protocol (RFC 6886).</summary>
    NatPmp = 2,

    /// <summary>Universal Plug and Play, Internet Gateway Device versions 1 and 2.</summary>
    Upnp = 4,

    /// <summary>Whichever works, in this order.</summary>
    All = Pcp | NatPmp | Upnp,
}
