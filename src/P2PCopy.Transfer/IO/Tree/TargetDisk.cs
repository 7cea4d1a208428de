using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>What a receiving session wants of the disk: a step with the bytes it is about, or a question.</summary>
/// <param name="Step">The step.</param>
/// <param name="Bytes">What is to be written; it stays where it is until the step is obeyed.</param>
/// <param name="End">Bytes of the peer up to this step, which nobody needs any more when it is obeyed.</param>
internal readonly record struct TargetWork(TargetStep Step, ReadOnlyMemory<byte> Bytes, long End)
{
    public TargetQuestion? Question { get; init; }

    public TreeSummary? Summary { get; init; }
}

/// <summary>What came of it.</summary>
internal readonly record struct TargetAnswer(TargetWork Work)
{
    public TargetFault? Fault { get; init; }

    /// <summary>Why the target cannot be prepared or finished, or null.</summary>
    public Ending? Failure { get; init; }

    public TreeOffer? Offer { get; init; }

    public EntryPlan[]? Plans { get; init; }

    public BlockRun Run { get; init; }

    public byte[]? Hashes { get; init; }

    /// <summary>Files that became whole meanwhile.</summary>
    public ArrivedFile[]? Arrived { get; init; }

    /// <summary>Entries that were not taken.</summary>
    public TargetNote[] Notes { get; init; } = [];
}

/// <summary>Obeys the steps of a receiving session, and answers its questions, on the thread of the disk.</summary>
internal sealed class TargetDisk
{
    private readonly List<ArrivedFile> _arrived = [];

    /// <summary>What is written to; it belongs to the thread of the disk once that has begun.</summary>
    public required IReceivingTarget Target { get; init; }

    /// <summary>Told by the target when a file is whole, on the thread of the disk.</summary>
    public void Note(ArrivedFile file) => _arrived.Add(file);

    public TargetAnswer Obey(TargetWork work)
    {
        var answer = work.Question is { } question ? Answer(work, question) : new TargetAnswer(work) { Fault = Do(work) };
        if (Target.TakeNotes() is { Length: > 0 } notes) answer = answer with { Notes = notes };
        if (_arrived.Count == 0) return answer;
        answer = answer with { Arrived = [.. _arrived] };
        _arrived.Clear();
        return answer;
    }

    private TargetFault? Do(in TargetWork work)
    {
        var step = work.Step;
        return step.Action switch
        {
            TargetAction.Add => Target.Add(step.Entry) is { } refusal ? new TargetFault(refusal, EndsSession: true) : null,
            TargetAction.Write => Target.Write(step.Index, step.Offset, work.Bytes.Span),
            TargetAction.Keep => Target.Keep(step.Index, step.Offset, step.Length),
            TargetAction.Hole => Target.Hole(step.Index, step.Offset, step.Length),
            _ => Target.End(step.Index, step.Status, step.Offset, step.Digest),
        };
    }

    private TargetAnswer Answer(TargetWork work, TargetQuestion question)
    {
        switch (question.Inquiry)
        {
            case TargetInquiry.Decide:
                return new TargetAnswer(work) { Offer = Target.Describe(work.Summary!) };
            case TargetInquiry.Prepare:
                return new TargetAnswer(work) { Failure = Target.Prepare() };
            case TargetInquiry.Begin:
                var plans = new List<EntryPlan>(question.Count);
                while (plans.Count < question.Count && (plans.Count == 0 || plans[^1].Kind != PlanKind.Have)) plans.Add(Target.Begin(question.Index + plans.Count));
                return new TargetAnswer(work) { Plans = [.. plans] };
            case TargetInquiry.Hash:
                var hashes = new byte[question.Count * TreeLimits.HashBytes];
                return new TargetAnswer(work) { Run = Target.HashBlocks(question.Index, question.FirstBlock, hashes), Hashes = hashes };
            default:
                return new TargetAnswer(work) { Failure = Target.Finish() };
        }
    }
}
