using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>
/// The only source of chance in a simulation: xoshiro256** seeded through SplitMix64 (Blackman and Vigna). Small, fast, and the same
/// on every machine and framework for ever, so that a seed in a bug report keeps its meaning.
/// </summary>
public sealed class SeededRandom : IRandomBytes
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>The stream of this seed.</summary>
    public SeededRandom(ulong seed)
    {
        _s0 = Mix(ref seed);
        _s1 = Mix(ref seed);
        _s2 = Mix(ref seed);
        _s3 = Mix(ref seed);
    }

    /// <summary>
    /// The stream of one part of a simulation. It depends on the seed and the name alone, so adding a part leaves the luck of all
    /// others as it was.
    /// </summary>
    public static SeededRandom For(ulong seed, string name)
    {
        var hash = 0xcbf29ce484222325UL;
        foreach (var letter in name) hash = (hash ^ letter) * 0x100000001b3UL;
        return new SeededRandom(seed ^ hash);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        var result = ulong.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>32 random bits; as a method group what machines take that want a source of bits.</summary>
    public uint NextUInt32() => (uint)(NextUInt64() >> 32);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True with this probability; draws nothing when it is 0.</summary>
    public bool Chance(double probability) => probability > 0 && NextDouble() < probability;

    /// <summary>Uniform in [<paramref name="minimum"/>, <paramref name="maximum"/>].</summary>
    public long Between(long minimum, long maximum) =>
        minimum + (long)(ulong)(((UInt128)NextUInt64() * ((UInt128)(ulong)(maximum - minimum) + 1)) >> 64);

    /// <summary>Between the two with every order of magnitude as likely: for rates and delays.</summary>
    public double Magnitude(double minimum, double maximum) => minimum * Math.Pow(maximum / minimum, NextDouble());

    /// <summary>A framework generator continued from this stream, for machines that take one.</summary>
    public Random ToRandom() => new((int)(NextUInt64() >> 33));

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        foreach (ref var value in destination) value = (byte)(NextUInt64() >> 56);
    }

    private static ulong Mix(ref ulong state)
    {
        state += 0x9e3779b97f4a7c15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
        return z ^ (z >> 31);
    }
}
