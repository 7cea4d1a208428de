namespace P2PCopy.Datagrams;

/// <summary>Where a machine gets its random bytes from: the system's secure source at the edge, a seed in tests.</summary>
public interface IRandomBytes
{
    /// <summary>Fills all of <paramref name="destination"/>.</summary>
    void Fill(Span<byte> destination);
}
