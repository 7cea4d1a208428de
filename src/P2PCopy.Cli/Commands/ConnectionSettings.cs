using P2PCopy.NatTraversal;

namespace P2PCopy.Cli.Commands;

/// <summary>How to find oneself and meet the peer.</summary>
internal sealed record ConnectionSettings
{
    /// <summary>The UDP port to bind, or any.</summary>
    public int? LocalPort { get; init; }

    /// <summary>The peer's address as given, <c>-</c> for a line of standard input, or nothing: ask.</summary>
    public string? Peer { get; init; }

    /// <summary>STUN servers; <see langword="null"/> for the built-in ones, empty for none.</summary>
    public IReadOnlyList<ServerName>? Stun { get; init; }

    /// <summary>NTP servers; <see langword="null"/> for the built-in ones, empty for none.</summary>
    public IReadOnlyList<ServerName>? Ntp { get; init; }

    /// <summary>How long to try to connect; zero for ever.</summary>
    public TimeSpan Timeout { get; init; }
}
