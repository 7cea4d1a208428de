using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>Something that asked to be woken.</summary>
internal interface IScheduled
{
    /// <summary>The instant that was asked for has come.</summary>
    void Fire(Instant at);
}
