using System.Security.Cryptography;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>What a sending session wants of the disk: a step, or without one the next entries of the list.</summary>
/// <param name="Step">The step.</param>
/// <param name="Buffer">What to read into.</param>
/// <param name="Digest">Whether the hash of the whole file is wanted.</param>
/// <param name="Closes">Whether the file is closed after this read, which is its last.</param>
/// <param name="FromFirst">Whether the list begins anew.</param>
internal readonly record struct SourceWork(SourceStep? Step, Memory<byte> Buffer, bool Digest, bool Closes = false, bool FromFirst = false);

/// <summary>What came of it.</summary>
internal readonly record struct SourceAnswer(SourceWork Work)
{
    public SourceRead Read { get; init; }

    /// <summary>How a file was found when it was closed.</summary>
    public EntryStatus Status { get; init; }

    /// <summary>What few answers have; thousands of small steps carry none of it along.</summary>
    public SourceNews? News { get; init; }
}

/// <summary>What else can be said about a source.</summary>
internal sealed class SourceNews
{
    public SourceExtent Extent { get; init; }

    /// <summary>The hash of what was read, where it was wanted.</summary>
    public byte[]? Hash { get; init; }

    /// <summary>The hash of the whole file that was closed, where it was wanted.</summary>
    public byte[]? Digest { get; set; }

    /// <summary>Where the closed file is, for those who want to know.</summary>
    public string? Path { get; set; }

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
        if (work.Step is not { } step) return new SourceAnswer(work) { News = new SourceNews { Entries = NextPage(work.FromFirst) } };
        return step.Action switch
        {
            SourceAction.Map => new SourceAnswer(work) { News = new SourceNews { Extent = source.Map(step.Index, step.Offset) } },
            SourceAction.Read when work.Closes => Close(Read(work, step), step.Offset + step.Length),
            SourceAction.Read => Read(work, step),
            _ => Close(new SourceAnswer(work), step.Offset),
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
        return new SourceAnswer(work) { Read = read, News = step.Hash ? new SourceNews { Hash = SHA256.HashData(bytes) } : null };
    }

    private SourceAnswer Close(SourceAnswer answer, long size)
    {
        var index = answer.Work.Step!.Value.Index;
        answer = answer with { Status = source.Close(index) };
        if (!answer.Work.Digest && pathOf is null) return answer;
        var news = answer.News ?? new SourceNews();
        news.Path = pathOf?.Invoke(index);
        if (answer.Work.Digest)
        {
            var digest = DigestOf(index);
            digest.Append(size, []);
            news.Digest = digest.Hash.GetHashAndReset();
            digest.Hash.Dispose();
            _digests.Remove(index);
        }

        return answer with { News = news };
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
