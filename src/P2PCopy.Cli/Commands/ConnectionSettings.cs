using P2PCopy.NatTraversal;
using P2PCopy.NatTraversal.PortMapping;

namespace P2PCopy.Cli.Commands;

/// <summary>How to find oneself and meet the peer.</summary>
internal sealed record ConnectionSettings
{
    /// <summary>Whether to speak as the original does, in clear.</summary>
    public bool Legacy { get; init; }

    /// <summary>Whether the users compare words even if both have the other's ticket.</summary>
    public bool Verify { get; init; }

    /// <summary>Whether addresses of the own network stay out of the ticket.</summary>
    public bool HidesLan { get; init; }

    /// <summary>Whether IPv6 is neither used nor told.</summary>
    public bool AvoidsIPv6 { get; init; }

    /// <summary>Whether the ticket is shown as a QR code too.</summary>
    public bool ShowsCode { get; init; }

    /// <summary>How the router may be asked to forward a port.</summary>
    public PortMappingProtocols PortMapping { get; init; }

    /// <summary>The UDP port to bind, or any.</summary>
    public int? LocalPort { get; init; }

    /// <summary>The peer's ticket or address as given, <c>-</c> for a line of standard input, or nothing: ask.</summary>
    public string? Peer { get; init; }

    /// <summary>STUN servers; <see langword="null"/> for the built-in ones, empty for none.</summary>
    public IReadOnlyList<ServerName>? Stun { get; init; }

    /// <summary>NTP servers; <see langword="null"/> for the built-in ones, empty for none.</summary>
    public IReadOnlyList<ServerName>? Ntp { get; init; }

    /// <summary>How fast to send.</summary>
    public RateSettings Rate { get; init; } = RateSettings.Fast;

    /// <summary>How long to try to connect; zero for ever.</summary>
    public TimeSpan Timeout { get; init; }
}
