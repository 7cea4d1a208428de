using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>What the scratch socket found out.</summary>
/// <param name="Filtering">Who gets in.</param>
/// <param name="EarlyPackets">
/// Whether the mapping towards an address moved after packets had come from there. With a NAT that maps by destination this says
/// nothing.
/// </param>
/// <param name="Proof">
/// The address whose unasked packet got in. It proves nothing if another socket of this host has written there: some NATs let in
/// per host.
/// </param>
public sealed record FilteringFindings(FilteringBehavior Filtering, EarlyPacketEffect EarlyPackets, UdpEndpoint? Proof)
{
    /// <summary>Who found it out, and so can be asked for more of the kind; <see langword="null"/> when nobody did.</summary>
    public StunTester? Tester { get; init; }

    /// <summary>Nothing was found out.</summary>
    public static FilteringFindings None { get; } = new(FilteringBehavior.Unknown, EarlyPacketEffect.Unknown, null);
}
