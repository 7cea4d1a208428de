using System.Diagnostics;
using System.Runtime.InteropServices;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>
/// Bytes of the peer in the connection's own memory: taken, handed on while the disk still needs them, and given back in order when it
/// does not. Nothing is copied in between.
/// </summary>
/// <param name="giveBack">Gives the connection the oldest bytes back, so many.</param>
internal sealed class TakenBytes(Action<int> giveBack)
{
    private ReadOnlyMemory<byte> _next;
    private long _released;

    /// <summary>What has not been handed on and lies in one piece; empty when there is nothing.</summary>
    public ReadOnlyMemory<byte> Run { get; private set; }

    /// <summary>Whether what arrives next may continue <see cref="Run"/>.</summary>
    public bool MayGrow => _next.IsEmpty;

    /// <summary>Bytes handed on since the beginning.</summary>
    public long Handed { get; private set; }

    /// <summary>Puts what was taken behind what is there.</summary>
    public void Add(ReadOnlyMemory<byte> bytes)
    {
        Debug.Assert(MayGrow, "what does not continue the run waits until that is handed on");
        if (bytes.IsEmpty) return;
        if (Run.IsEmpty) Run = bytes;
        else if (Continues(bytes, out var both)) Run = both;
        else _next = bytes;
    }

    /// <summary>The first bytes of the run are handed on.</summary>
    public void HandOn(int count)
    {
        Run = Run[count..];
        Handed += count;
        if (Run.IsEmpty) (Run, _next) = (_next, default);
    }

    /// <summary>Nobody needs anything any more of the first so many bytes that were handed on.</summary>
    public void Release(long upTo)
    {
        if (upTo <= _released) return;
        giveBack((int)(upTo - _released));
        _released = upTo;
    }

    private bool Continues(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> both)
    {
        both = default;
        if (!MemoryMarshal.TryGetArray(Run, out var run) || !MemoryMarshal.TryGetArray(bytes, out var more)
            || run.Array != more.Array || run.Offset + run.Count != more.Offset) return false;
        both = run.Array.AsMemory(run.Offset, run.Count + more.Count);
        return true;
    }
}
