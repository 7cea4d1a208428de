namespace P2PCopy.Tests.Vectors;

/// <summary>One UDP payload of a vector file.</summary>
/// <param name="Time">When it was seen, since the first one.</param>
/// <param name="FromA">Whether A sent it to B; else B to A.</param>
/// <param name="Bytes">The payload, or its beginning.</param>
/// <param name="Truncated">How many bytes of the payload the file leaves out behind <paramref name="Bytes"/>.</param>
internal sealed record VectorDatagram(TimeSpan Time, bool FromA, byte[] Bytes, int Truncated)
{
    /// <summary>The payload's whole length, bytes.</summary>
    public int Length => Bytes.Length + Truncated;

    /// <summary>The payload at its whole length; what the file leaves out is zero.</summary>
    public byte[] Padded()
    {
        var padded = Bytes;
        Array.Resize(ref padded, Length);
        return padded;
    }
}
