using System.Text;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// The names of a folder in the order of their bytes, whatever the order of the disk: the same tree is offered alike each time. They
/// are held as bytes, so that a million of them take less than 20 MiB.
/// </summary>
internal sealed class SortedNames
{
    private readonly int[] _starts;
    private readonly byte[] _bytes;

    /// <param name="names">The names; those that are null are counted only.</param>
    public SortedNames(IEnumerable<string?> names)
    {
        var bytes = new byte[256];
        var starts = new List<int>();
        var end = 0;
        foreach (var name in names)
        {
            if (name is null)
            {
                Unreadable++;
                continue;
            }

            var length = Encoding.UTF8.GetByteCount(name);
            if (bytes.Length - end <= length) Array.Resize(ref bytes, checked((bytes.Length * 2) + length));
            starts.Add(end);
            end += Encoding.UTF8.GetBytes(name, bytes.AsSpan(end));
            bytes[end++] = 0;
        }

        _bytes = bytes;
        _starts = [.. starts];
        Array.Sort(_starts, (one, other) => At(one).SequenceCompareTo(At(other)));
    }

    /// <summary>Names that were no text.</summary>
    public int Unreadable { get; }

    /// <summary>Memory that the names take, in bytes.</summary>
    public long HeldBytes => _bytes.Length + ((long)_starts.Length * sizeof(int));

    /// <summary>All others in order.</summary>
    public IEnumerable<string> InOrder()
    {
        foreach (var start in _starts) yield return Encoding.UTF8.GetString(At(start));
    }

    /// <summary>No name holds a zero.</summary>
    private ReadOnlySpan<byte> At(int start)
    {
        var rest = _bytes.AsSpan(start);
        return rest[..rest.IndexOf((byte)0)];
    }
}
