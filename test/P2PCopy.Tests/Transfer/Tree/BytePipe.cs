namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>Bytes in order, to be read in any portions.</summary>
internal sealed class BytePipe
{
    private byte[] _bytes = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>Bytes that were ever written.</summary>
    public long Total { get; private set; }

    public bool IsEmpty => _start == _end;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        Total += bytes.Length;
        if (_bytes.Length - _end < bytes.Length)
        {
            var rest = _bytes.AsSpan(_start, _end - _start);
            var room = rest.Length + bytes.Length > _bytes.Length / 2 ? new byte[(rest.Length + bytes.Length) * 2] : _bytes;
            rest.CopyTo(room);
            (_bytes, _start, _end) = (room, 0, rest.Length);
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public ReadOnlySpan<byte> Peek(int most) => _bytes.AsSpan(_start, Math.Min(most, _end - _start));

    public void Advance(int count) => _start += count;

    public ReadOnlySpan<byte> Read(int most)
    {
        var bytes = Peek(most);
        _start += bytes.Length;
        return bytes;
    }
}
