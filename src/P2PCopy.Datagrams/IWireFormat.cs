namespace P2PCopy.Datagrams;

/// <summary>
/// A packet as a view over bytes: it is read from a span without copying and writes itself into one. One generic test proves for
/// every packet that what was written reads back equal and that no bytes make it throw.
/// </summary>
/// <typeparam name="T">The packet itself.</typeparam>
public interface IWireFormat<T> where T : IWireFormat<T>, allows ref struct
{
    /// <summary>Reads the packet; <see langword="false"/> when the bytes are not one. The view lives as long as the span.</summary>
    static abstract bool TryRead(ReadOnlySpan<byte> datagram, out T packet);

    /// <summary>Writes the packet and returns its length in bytes.</summary>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    int Write(Span<byte> destination);
}
