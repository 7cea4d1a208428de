namespace P2PCopy.Udt;

/// <summary>
/// A packet or acknowledgement number on the wire: 31 bits, circular (draft-gg-udt-03 §3.1). Inside, the machines count packets in
/// 64 bits and meet this type at the wire only.
/// </summary>
public readonly record struct SequenceNumber
{
    /// <summary>The largest number; the next one is 0.</summary>
    public const uint MaxValue = 0x7fff_ffff;

    /// <summary>The number with the given low 31 bits.</summary>
    public SequenceNumber(uint value) => Value = value & MaxValue;

    /// <summary>The number, 0 to <see cref="MaxValue"/>.</summary>
    public uint Value { get; }

    /// <summary>The number that follows.</summary>
    public SequenceNumber Next => new(Value + 1);

    /// <summary>The number <paramref name="offset"/> packets later (earlier when negative).</summary>
    public static SequenceNumber operator +(SequenceNumber number, long offset) => new((uint)(number.Value + offset));

    /// <summary>
    /// Packets from <paramref name="from"/> to this number on the shorter way round: −2^30 … 2^30−1.
    /// </summary>
    // PROTOCOL UDT-2.
    public int OffsetFrom(SequenceNumber from) => (int)((Value - from.Value) << 1) >> 1;

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
