using System.Security.Cryptography;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>What a sending session wants of the disk: a step, or without one the next entries of the list.</summary>
internal readonly record struct SourceWork(SourceStep? Step, Memory<byte> Buffer, bool Digest, bool FromFirst);

/// <summary>What came of it.</summary>
internal readonly record struct SourceAnswer(SourceWork Work)
{
    public SourceRead Read { get; init; }

    public SourceExtent Extent { get; init; }

    public EntryStatus Status { get; init; }

    /// <summary>The hash of what was read, or the digest of what was closed, where it was wanted.</summary>
    public byte[]? Hash { get; init; }

    /// <summary>Where the closed file is, for those who want to know.</summary>
    public string? Path { get; init; }

    /// <summary>The next entries of the list; fewer than a page at its end.</summary>
    public IReadOnlyList<TreeEntry>? Entries { get; init; }
}

/// <summary>Obeys the steps of a sending session on the thread of the disk, and hashes there what is to be hashed.</summary>
/// <param name="source">What is read.</param>
/// <param name="pathOf">Tells where an entry is, when somebody wants to know of each file.</param>
internal sealed class SourceDisk(ISourceTree source, Func<int, string>? pathOf) : IDisposable
{
    /// <summary>Entries of the list in one answer.</summary>
    public const int PageEntries = 256;

    private static readonly byte[] Zeros = new byte[64 << 10];

    private readonly Dictionary<int, Digest> _digests = [];
    private IEnumerator<TreeEntry>? _list;

    public SourceAnswer Obey(SourceWork work)
    {
        if (work.Step is not { } step) return new SourceAnswer(work) { Entries = NextPage(work.FromFirst) };
        return step.Action switch
        {
            SourceAction.Map => new SourceAnswer(work) { Extent = source.Map(step.Index, step.Offset) },
            SourceAction.Read => Read(work, step),
            _ => Close(work, step),
        };
    }

    public void Dispose()
    {
        _list?.Dispose();
        foreach (var digest in _digests.Values) digest.Hash.Dispose();
    }

    private List<TreeEntry> NextPage(bool fromFirst)
    {
        if (fromFirst) _list = source.List().GetEnumerator();
        var page = new List<TreeEntry>(PageEntries);
        while (page.Count < PageEntries && _list!.MoveNext()) page.Add(_list.Current);
        return page;
    }

    private SourceAnswer Read(SourceWork work, SourceStep step)
    {
        var read = source.Read(step.Index, step.Offset, work.Buffer.Span[..step.Length]);
        var bytes = work.Buffer.Span[..read.Count];
        if (work.Digest && read.Status == EntryStatus.Whole) DigestOf(step.Index).Append(step.Offset, bytes);
        return new SourceAnswer(work) { Read = read, Hash = step.Hash ? SHA256.HashData(bytes) : null };
    }

    private SourceAnswer Close(SourceWork work, SourceStep step)
    {
        var status = source.Close(step.Index);
        byte[]? hash = null;
        if (work.Digest)
        {
            var digest = DigestOf(step.Index);
            digest.Append(step.Offset, []);
            hash = digest.Hash.GetHashAndReset();
            digest.Hash.Dispose();
            _digests.Remove(step.Index);
        }

        return new SourceAnswer(work) { Status = status, Hash = hash, Path = pathOf?.Invoke(step.Index) };
    }

    private Digest DigestOf(int index) => _digests.TryGetValue(index, out var digest) ? digest : _digests[index] = new Digest();

    /// <summary>SHA-256 of a file as it is read; what was left out of the reading is a hole.</summary>
    private sealed class Digest
    {
        private long _position;

        public IncrementalHash Hash { get; } = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public void Append(long offset, ReadOnlySpan<byte> bytes)
        {
            for (; _position < offset; _position += Math.Min(Zeros.Length, offset - _position)) Hash.AppendData(Zeros, 0, (int)Math.Min(Zeros.Length, offset - _position));
            Hash.AppendData(bytes);
            _position += bytes.Length;
        }
    }
}
