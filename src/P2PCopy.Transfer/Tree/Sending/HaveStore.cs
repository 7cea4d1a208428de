using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree.Sending;

/// <summary>The hashes that the receiver told and that the sending has not passed. Bounded: more than that is a fault of the peer.</summary>
internal sealed class HaveStore
{
    private readonly Queue<Page> _pages = new();
    private int _hashes;
    private int _passed = -1;
    private (int Index, long Next)? _open;

    private sealed record Page(int Index, long First, int Count, byte[] Hashes, bool Last);

    /// <summary>The file whose pages are not all there yet; plans wait for them.</summary>
    public int? Open => _open?.Index;

    /// <summary>The plan says that pages for this file follow.</summary>
    public void Expect(int index) => _open = (index, 0);

    /// <summary>Takes a page; false when it is out of place or too much.</summary>
    public bool TryAdd(in HaveMessage have)
    {
        // PROTOCOL TREE-11. A page at the end of a long stretch may have been passed in part, so two pages more are let pass.
        if (_open is not { } open || have.Entry != open.Index || have.FirstBlock > long.MaxValue / TreeLimits.BlockBytes) return false;
        var first = (long)have.FirstBlock;
        if (have.Count > 0 && first < open.Next) return false;
        if (_hashes + have.Count > TreeLimits.OpenHashes + (2 * TreeLimits.HashesPerMessage)) return false;
        _open = have.Last ? null : (open.Index, first + have.Count);
        if (open.Index <= _passed) return true;
        _pages.Enqueue(new Page(open.Index, first, have.Count, have.Hashes.ToArray(), have.Last));
        _hashes += have.Count;
        return true;
    }

    /// <summary>What is known about a block: false when that is not told yet; a null hash when the receiver does not have it.</summary>
    public bool TryLook(int index, long block, out byte[]? hash)
    {
        hash = null;
        while (_pages.TryPeek(out var page))
        {
            if (page.Index == index && page.Count > 0 && block < page.First) return true;
            if (page.Index == index && page.Count > 0 && block < page.First + page.Count)
            {
                hash = page.Hashes.AsSpan((int)(block - page.First) * TreeLimits.HashBytes, TreeLimits.HashBytes).ToArray();
                return true;
            }

            if (page.Index == index && page.Last) return true;
            Drop();
        }

        return false;
    }

    /// <summary>The file needs no hashes any more.</summary>
    public void Pass(int index)
    {
        _passed = index;
        while (_pages.TryPeek(out var page) && page.Index <= index) Drop();
    }

    private void Drop() => _hashes -= _pages.Dequeue().Count;
}
