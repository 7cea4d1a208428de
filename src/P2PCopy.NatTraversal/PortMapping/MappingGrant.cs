using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>A router's yes.</summary>
/// <param name="External">Its outer address and the port that it forwards.</param>
/// <param name="Lifetime">For how long.</param>
internal readonly record struct MappingGrant(UdpEndpoint External, TimeSpan Lifetime)
{
    /// <summary>What is asked for: short enough that nothing stays behind for long when the program is killed.</summary>
    public static readonly TimeSpan Asked = TimeSpan.FromSeconds(1200); // PROTOCOL MAP-2.

    /// <summary>What ends sooner is worth nothing: it would have to be renewed every few seconds.</summary>
    public const uint ShortestSeconds = 8;

    /// <summary>More than this is not believed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>A granted lifetime as it is believed.</summary>
    /// <param name="seconds">As the router said it.</param>
    public static TimeSpan Believed(uint seconds) => seconds > Longest.TotalSeconds ? Longest : TimeSpan.FromSeconds(seconds);
}
