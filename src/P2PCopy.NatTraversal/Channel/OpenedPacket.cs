using P2PCopy.NatTraversal.Channel.Wire;

namespace P2PCopy.NatTraversal.Channel;

/// <summary>What was learned from a datagram that proved genuine.</summary>
/// <param name="Type"><see cref="PacketType.Data"/> or <see cref="PacketType.Control"/>.</param>
/// <param name="Length">Bytes that were sealed in it.</param>
/// <param name="IsNewest">Whether the peer sealed it after all others that have arrived.</param>
/// <param name="Epoch">Which epoch's keys opened it, counted without end.</param>
internal readonly record struct OpenedPacket(PacketType Type, int Length, bool IsNewest, uint Epoch);
