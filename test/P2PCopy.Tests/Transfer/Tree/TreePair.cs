using System.Security.Cryptography;
using P2PCopy.Datagrams;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;
using P2PCopy.Transfer.Tree.Receiving;
using P2PCopy.Transfer.Tree.Sending;

namespace P2PCopy.Tests.Transfer.Tree;

/// <summary>
/// Two sessions over a pipe in memory. Who acts next, and in what portions bytes arrive, is the random source's choice; time moves only
/// when nobody can act. Everything is a function of the seed.
/// </summary>
internal sealed class TreePair
{
    private readonly Random _random;
    private readonly ISourceTree _source;
    private readonly Func<int, byte[]> _digest;
    private readonly ITargetTree _target;
    private readonly BytePipe _down = new();
    private readonly BytePipe _up = new();
    private readonly byte[][] _slots = new byte[TreeSendSession.Slots][];
    private readonly Queue<SourceStep> _sourceSteps = new();
    private readonly Queue<(TargetStep Step, byte[] Bytes)> _targetSteps = new();
    private readonly byte[] _message = new byte[TreeLimits.MessageBytes + MessageHeader.Bytes];
    private IEnumerator<TreeEntry>? _list;
    private Instant _now;
    private byte[] _straight = [];
    private bool _downClosed;

    public TreePair(ISourceTree source, Func<int, byte[]> digest, ITargetTree target, Random random, TreeReceiveOptions? options = null, TreeFeatures features = TreeFeatures.Digests)
    {
        (_source, _digest, _target, _random) = (source, digest, target, random);
        _now = new Instant(random.NextInt64(1L << 40));
        Sender = new TreeSendSession(source.Summary, features) { StraightBytes = 1 << random.Next(10, 23) };
        Receiver = new TreeReceiveSession(options ?? new TreeReceiveOptions());
    }

    public TreeSendSession Sender { get; }

    public TreeReceiveSession Receiver { get; }

    /// <summary>The largest portion in which bytes arrive.</summary>
    public int LongestPortion { get; init; } = 1 << 20;

    /// <summary>Looks at both after each act.</summary>
    public Action Look { get; set; } = static () => { };

    /// <summary>Bytes that the sender put on the wire.</summary>
    public long DownBytes => _down.Total;

    public long UpBytes => _up.Total;

    /// <summary>Steps that the target has been given and not obeyed, at most.</summary>
    public int MostTargetSteps { get; private set; }

    /// <summary>Runs until both have ended or so many bytes went down the wire.</summary>
    public void Run(long killAfter = long.MaxValue)
    {
        Span<Func<bool>> acts = [SourceActs, SenderSends, SenderHears, ReceiverSends, ReceiverHears, TargetActs, TargetAnswers];
        var idle = 0;
        while (Sender.Ending is null || Receiver.Ending is null)
        {
            if (DownBytes >= killAfter) return;
            var from = _random.Next(acts.Length);
            var acted = false;
            for (var i = 0; i < acts.Length && !acted; i++) acted = acts[(from + i) % acts.Length]();
            Look();
            idle = acted ? 0 : idle + 1;
            if (acted) continue;
            if (Receiver.NextTimeout != Instant.Never && Receiver.Ending is null && idle < 3) _now = Instant.Max(_now, Receiver.NextTimeout);
            else if (Receiver.Ending is not null && Sender.Ending is null && _up.IsEmpty) Sender.PeerClosed();
            else if (Sender.Ending is not null && Receiver.Ending is null && _down.IsEmpty && !_downClosed)
            {
                _downClosed = true;
                Receiver.PeerClosed();
            }
            else Assert.Fail("nobody can go on");
        }
    }

    private bool SourceActs()
    {
        if (Sender.Wish is var wish && wish != ListWish.None)
        {
            if (wish == ListWish.First) _list = _source.List().GetEnumerator();
            if (_list!.MoveNext()) Sender.Give(_list.Current);
            else Sender.ListEnded();
            return true;
        }

        if (_random.Next(2) == 0 && Sender.TryAsk(out var step)) _sourceSteps.Enqueue(step);
        else if (_sourceSteps.TryDequeue(out var next)) Obey(next);
        else if (Sender.TryAsk(out step)) _sourceSteps.Enqueue(step);
        else return false;
        return true;
    }

    private void Obey(SourceStep step)
    {
        if (step.Action == SourceAction.Map) Sender.Mapped(step.Index, _source.Map(step.Index, step.Offset));
        else if (step.Action == SourceAction.Close)
        {
            var status = _source.Close(step.Index);
            Sender.Closed(step.Index, status, status == EntryStatus.Whole && Sender.Digests ? _digest(step.Index) : default);
        }
        else if (step.IsStraight)
        {
            if (Sender.StraightDone(_source.Read(step.Index, step.Offset, _straight.AsSpan(_straight.Length - step.Length)))) _down.Write(_straight);
        }
        else
        {
            var buffer = _slots[step.Slot] = new byte[step.Length];
            var read = _source.Read(step.Index, step.Offset, buffer);
            Sender.ReadDone(step.Slot, read, step.Hash ? SHA256.HashData(buffer.AsSpan(0, read.Count)) : default);
        }
    }

    private bool SenderSends()
    {
        if (!Sender.TryTake(_message, out var frame)) return Sender.ReadsStraight && ReadStraight();
        _down.Write(_message.AsSpan(0, frame.HeadBytes));
        if (frame.Slot >= 0) _down.Write(_slots[frame.Slot].AsSpan(0, frame.PayloadBytes));
        Sender.Sent();
        return true;
    }

    private bool ReadStraight()
    {
        var room = new byte[MessageHeader.Bytes + ChunkHead.Bytes + 1 + _random.Next(TreeLimits.BlockBytes)];
        var head = Sender.TakeStraight(room, out var step);
        _straight = room[..(head + step.Length)];
        _sourceSteps.Enqueue(step);
        return true;
    }

    private bool SenderHears()
    {
        if (_up.IsEmpty || Sender.Ending is not null) return false;
        Sender.Push(_up.Read(1 + _random.Next(LongestPortion)));
        return true;
    }

    private bool ReceiverSends()
    {
        var length = Receiver.Take(_message, _now);
        if (length == 0) return false;
        _up.Write(_message.AsSpan(0, length));
        Receiver.Sent();
        return true;
    }

    private bool ReceiverHears()
    {
        if ((_down.IsEmpty && !Receiver.HoldsSteps) || !Receiver.WantsBytes) return false;
        var held = Receiver.HoldsSteps;
        var bytes = _down.Peek(1 + _random.Next(LongestPortion));
        var consumed = Receiver.Push(bytes, out var step);
        var stepped = step.Action != TargetAction.None;
        if (stepped) _targetSteps.Enqueue((step, step.Action == TargetAction.Write ? bytes[(consumed - (int)step.Length)..consumed].ToArray() : []));
        while (step.Action != TargetAction.None && Receiver.Push([], out step) == 0 && step.Action != TargetAction.None) _targetSteps.Enqueue((step, []));
        MostTargetSteps = Math.Max(MostTargetSteps, _targetSteps.Count);
        _down.Advance(consumed);
        return held || consumed > 0 || stepped;
    }

    private bool TargetActs()
    {
        if (!_targetSteps.TryDequeue(out var next)) return false;
        var (step, bytes) = next;
        Receiver.Settled(step, step.Action switch
        {
            TargetAction.Add => _target.Add(step.Entry!) is { } refusal ? new TargetFault(refusal, EndsSession: true) : null,
            TargetAction.Write => _target.Write(step.Index, step.Offset, bytes),
            TargetAction.Keep => _target.Keep(step.Index, step.Offset, step.Length),
            TargetAction.Hole => _target.Hole(step.Index, step.Offset, step.Length),
            _ => _target.End(step.Index, step.Status, step.Offset, step.Digest),
        });
        return true;
    }

    private bool TargetAnswers()
    {
        if (!Receiver.TryAsk(out var question)) return false;
        if (question.Inquiry == TargetInquiry.Decide) Receiver.Accept();
        else if (question.Inquiry == TargetInquiry.Prepare) Receiver.Prepared(_target.Prepare());
        else if (question.Inquiry == TargetInquiry.Finish) Receiver.Finished(_target.Finish());
        else if (question.Inquiry == TargetInquiry.Hash)
        {
            var hashes = new byte[question.Count * TreeLimits.HashBytes];
            var run = _target.HashBlocks(question.Index, question.FirstBlock, hashes);
            Receiver.Hashed(run, hashes);
        }
        else
        {
            var plans = new List<EntryPlan>();
            while (plans.Count < question.Count && (plans.Count == 0 || plans[^1].Kind != PlanKind.Have)) plans.Add(_target.Begin(question.Index + plans.Count));
            Receiver.Begun(plans.ToArray());
        }

        return true;
    }
}
