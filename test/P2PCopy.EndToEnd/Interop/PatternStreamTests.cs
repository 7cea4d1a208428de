namespace P2PCopy.EndToEnd.Interop;

public sealed class PatternStreamTests
{
    [Fact]
    public void Pieces_of_any_size_make_the_same_stream()
    {
        var whole = new byte[10_000];
        new PatternStream(5).Fill(whole);
        var pieces = new PatternStream(5);
        for (var (offset, size) = (0, 0); offset < whole.Length; offset += size, size = Math.Min(size + 1, whole.Length - offset))
            pieces.Check(whole.AsSpan(offset, size));
        Assert.Equal(whole.Length, pieces.Position);
    }

    [Fact]
    public void A_wrong_byte_is_found()
    {
        var bytes = new byte[3_000_000];
        new PatternStream(5).Fill(bytes);
        bytes[2_500_000] ^= 1;
        var failure = Assert.ThrowsAny<Exception>(() => new PatternStream(5).Check(bytes));
        Assert.Contains("Byte 2500000 ", failure.Message, StringComparison.Ordinal);
    }
}
