using System.Diagnostics;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Tree.Receiving;

/// <summary>
/// The receiver of a tree as a machine. Bytes go in by <see cref="Push"/>, which gives the steps for the target; questions to user and
/// target come out by <see cref="TryAsk"/>, bytes for the peer by <see cref="Take"/>. Its memory is fixed by its windows, whatever the
/// peer announces.
/// </summary>
/// <remarks>
/// The manifest comes first and whole, so everything that can be wrong with names is known before the user is asked. Then plans run
/// ahead of contents: for each entry in order the target says what it has, and the sender sends the rest without waiting.
/// </remarks>
internal sealed partial class TreeReceiveSession : ITreeSession
{
    /// <summary>Steps that the target may not have obeyed yet.</summary>
    private const int MostSteps = 1024;

    private readonly TreeReceiveOptions _options;
    private readonly SessionVoice _voice;
    private readonly MessageAssembler _in = new();
    private TreeFeatures _agreed;
    private bool _greeted;
    private ManifestOrder _order;
    private int _pageOffset;
    private int _steps;
    private bool _peerClosed;
    private bool _endHeard;

    public TreeReceiveSession(TreeReceiveOptions options)
    {
        Debug.Assert(options.WindowBytes >= TreeLimits.BlockBytes && options.WindowEntries > 0, "a sender needs room for one chunk and one entry");
        Debug.Assert(!options.Features.HasFlag(TreeFeatures.WantsAll) || (options.WindowBytes >= TreeLimits.EarlyBytes && options.WindowEntries >= TreeLimits.EarlyEntries), "what may come early must be welcome");
        _options = options;
        _voice = new SessionVoice(TreeVersion.Hello(sends: false, options.Features));
    }

    /// <summary>What the peer offers, once it did.</summary>
    public TreeSummary? Offer { get; private set; }

    /// <summary>Why and how it is over, or null while something is left to do.</summary>
    public Ending? Ending => _voice.Ending;

    /// <summary>Whether it ends as soon as the peer has been told why.</summary>
    public bool IsGivingUp => !_voice.IsOpen && _voice.Ending is null;

    /// <summary>Bytes of content that are verified and in their place.</summary>
    public long SettledBytes { get; private set; }

    /// <summary>Entries with content that came to their end.</summary>
    public int EndedEntries { get; private set; }

    /// <summary>Bytes of entries that are not wanted: they are here already, or the rules keep them out.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Bytes of content that travelled.</summary>
    public long TravelledBytes => _taken;

    /// <summary>Whether the bytes that come next belong to a chunk that is not whole yet, and how many of them.</summary>
    public int ChunkRest => _chunkRest;

    /// <summary>The file that is coming, and how far.</summary>
    public RunningEntry? Running => _wanted.TryPeek(out var entry) ? new RunningEntry(entry.Index, entry.Name, _position, entry.Size) : null;

    /// <summary>Entries that the rules of this side keep out.</summary>
    public int LeftOutEntries { get; private set; }

    /// <summary>The rule that kept the first of them out.</summary>
    public Ending? FirstLeftOut { get; private set; }

    /// <summary>Entries that should have been taken and could not be.</summary>
    public int FailedEntries { get; private set; }

    /// <summary>Whether more bytes of the peer are welcome now.</summary>
    public bool WantsBytes => _voice.IsOpen && !_peerClosed && _steps < MostSteps;

    /// <summary>Whether <see cref="Push"/> has steps to give without any bytes.</summary>
    public bool HoldsSteps => _in.HasMessage && !IsEarly;

    /// <summary>Whether the peer has something to do, so that its silence means something.</summary>
    public bool AwaitsPeer => _voice.IsOpen && !_endHeard && _steps == 0 && !_asked && (!ManifestIsWhole || _acceptSent);

    private bool WantsAll => _agreed.HasFlag(TreeFeatures.WantsAll);

    /// <summary>Whether the message that came is about contents for which this side is not ready yet, so that it and all behind it wait.</summary>
    private bool IsEarly => WantsAll && ManifestIsWhole && IsContent(_in.Type) && (!_acceptSent || (_wanted.Count == 0 && _planned < Offer!.Entries));

    private bool ManifestIsWhole => Offer is { } offer && _order.Entries == offer.Entries;

    /// <summary>
    /// Takes bytes, as many as belong to one step at most, and returns how many. Call it again while it takes bytes or gives steps, with
    /// no bytes too; a written step is about the last bytes that were taken.
    /// </summary>
    public int Push(ReadOnlySpan<byte> bytes, out TargetStep step)
    {
        step = default;
        if (!WantsBytes) return 0;

        // The rest of a page gives a step each time; what waited may give none, and then the bytes behind it have waited, too.
        if (HoldsSteps) Hear(out step);
        var consumed = 0;
        if (step.Action == TargetAction.None && WantsBytes && !_in.HasMessage)
        {
            if (_chunkRest > 0) return TakeContent(bytes, out step);
            consumed = _in.Push(bytes);
            if (_in.Fault is { } fault)
            {
                Misbehaved(fault);
                return consumed;
            }

            if (HoldsSteps) Hear(out step);
        }

        if (step.Action != TargetAction.None) _steps++;
        return consumed;
    }

    /// <summary>A step was obeyed, or could not be.</summary>
    public void Settled(in TargetStep step, TargetFault? fault)
    {
        _steps--;
        if (fault is not null && step.Action == TargetAction.Add) Fail(fault.Ending);
        else if (step.Action != TargetAction.Add) ContentSettled(step, fault);
    }

    /// <summary>The peer closed the connection in good order.</summary>
    public void PeerClosed()
    {
        _peerClosed = true;
        if (!_endHeard) _voice.End(TreeEndings.Closed(bySender: true));
    }

    /// <summary>This side gives up or does not want it: the peer is told before the session ends.</summary>
    public void Fail(Ending ending)
    {
        if (_peerClosed) _voice.End(ending);
        else _voice.Fail(ending);
    }

    /// <summary>Something ends the session without a word to the peer.</summary>
    public void End(Ending ending) => _voice.End(ending);

    private void Misbehaved(string why) => _voice.Fail(TreeEndings.Misbehaved(why));

    private void Hear(out TargetStep step)
    {
        step = default;
        var type = _in.Type;
        if (type == MessageType.Entries && _greeted && Offer is not null && !ManifestIsWhole)
        {
            TakeEntry(out step);
            return;
        }

        // PROTOCOL TREE-4.
        var inPlace = type switch
        {
            MessageType.Hello => !_greeted,
            MessageType.Offer => _greeted && Offer is null,
            MessageType.Abort => true,
            _ => IsContent(type) && _acceptSent && !_endHeard,
        };
        var readable = inPlace && type switch
        {
            MessageType.Hello => TakeHello(),
            MessageType.Offer => TakeOffer(),
            MessageType.Chunk => TakeChunk(),
            MessageType.Same => TakeSame(out step),
            MessageType.Hole => TakeHole(out step),
            MessageType.EndFile => TakeEndFile(out step),
            MessageType.End => TakeEnd(),
            _ => TakeAbort(),
        };
        if (!inPlace) _voice.Fail(TreeEndings.OutOfPlace(type));
        else if (!readable) _voice.Fail(TreeEndings.Malformed(type));
        _in.Next();
    }

    private static bool IsContent(MessageType type) =>
        type is MessageType.Chunk or MessageType.Same or MessageType.Hole or MessageType.EndFile or MessageType.End;

    private bool TakeHello()
    {
        if (!HelloMessage.TryRead(_in.Body, out var hello)) return false;
        _greeted = true;
        _agreed = TreeVersion.Agree(_options.Features, hello.Features);
        if (TreeVersion.Judge(hello, weSend: false) is { } misfit) _voice.Fail(misfit);
        return true;
    }

    private bool TakeOffer()
    {
        // PROTOCOL TREE-5.
        if (!OfferMessage.TryRead(_in.Body, out var offer) || offer.Entries is 0 or > TreeLimits.Entries || offer.Files > offer.Entries
            || offer.TotalBytes > long.MaxValue) return false;
        Offer = new TreeSummary((int)offer.Entries, (int)offer.Files, (long)offer.TotalBytes, offer.ReadNames());
        return true;
    }

    private void TakeEntry(out TargetStep step)
    {
        step = default;
        var rest = _in.Body[_pageOffset..];
        var index = _order.Entries;
        if (!EntryRecord.TryRead(rest, out var record)) _voice.Fail(TreeEndings.Malformed(MessageType.Entries));
        else if (!_order.TryTake(Offer!, record.Depth, record.Kind, (long)record.Size)) Misbehaved("Its manifest is not what it offered, or names folders that it does not hold.");
        else
        {
            step = new TargetStep(TargetAction.Add, index) { Entry = ManifestEntry.FromRecord(index, record) };
            _pageOffset += record.Length;
            if (ManifestIsWhole && (_pageOffset < _in.Body.Length || !_order.Fulfils(Offer!)))
            {
                step = default;
                Misbehaved("Its manifest does not add up to what it offered.");
            }

            if (_pageOffset < _in.Body.Length) return;
        }

        _pageOffset = 0;
        _in.Next();
    }

    private bool TakeAbort()
    {
        if (!AbortMessage.TryRead(_in.Body, out var abort)) return false;
        _voice.End(TreeEndings.Aborted(abort));
        return true;
    }
}
