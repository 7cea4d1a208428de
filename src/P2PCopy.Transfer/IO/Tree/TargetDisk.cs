using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Receiving;

namespace P2PCopy.Transfer.IO.Tree;

/// <summary>What a receiving session wants of the disk: a step with the bytes it is about, or a question.</summary>
/// <param name="Step">The step.</param>
/// <param name="Bytes">What is to be written; it stays where it is until the step is obeyed.</param>
/// <param name="End">Bytes of the peer up to this step, which nobody needs any more when it is obeyed.</param>
/// <param name="Ends">Whether with this write the file ends, so that <paramref name="Step"/> has what is to be known of that, too.</param>
internal readonly record struct TargetWork(TargetStep Step, ReadOnlyMemory<byte> Bytes, long End, bool Ends = false)
{
    /// <summary>The question, if it is one.</summary>
    public TargetAsk? Ask { get; init; }

    /// <summary>The step that ends the file behind the one that writes.</summary>
    public TargetStep EndStep => Step with { Action = TargetAction.End, Offset = Step.Offset + Step.Length, Length = 0 };
}

/// <summary>A question of a receiving session.</summary>
internal sealed record TargetAsk(TargetQuestion Question, TreeSummary Summary);

/// <summary>What came of it.</summary>
internal readonly record struct TargetAnswer(TargetWork Work)
{
    public TargetFault? Fault { get; init; }

    /// <summary>What few answers have; thousands of small steps carry none of it along.</summary>
    public TargetNews? News { get; init; }
}

/// <summary>The answer to a question, and what turned up on the way.</summary>
internal sealed class TargetNews
{
    /// <summary>Why the target cannot be prepared or finished, or null.</summary>
    public Ending? Failure { get; init; }

    public TreeOffer? Offer { get; init; }

    public EntryPlan[]? Plans { get; init; }

    public BlockRun Run { get; init; }

    public byte[]? Hashes { get; init; }

    /// <summary>Files that became whole meanwhile.</summary>
    public ArrivedFile[] Arrived { get; set; } = [];

    /// <summary>Entries that were not taken.</summary>
    public TargetNote[] Notes { get; set; } = [];
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
        var answer = work.Ask is { } ask ? new TargetAnswer(work) { News = Answer(ask) } : new TargetAnswer(work) { Fault = Do(work) };
        var notes = Target.TakeNotes();
        if (notes.Length == 0 && _arrived.Count == 0) return answer;
        var news = answer.News ?? new TargetNews();
        (news.Notes, news.Arrived) = (notes, [.. _arrived]);
        _arrived.Clear();
        return answer with { News = news };
    }

    private TargetFault? Do(in TargetWork work)
    {
        var step = work.Step;
        return step.Action switch
        {
            TargetAction.Add => Target.Add(step.Entry!) is { } refusal ? new TargetFault(refusal, EndsSession: true) : null,
            TargetAction.Write => Write(work),
            TargetAction.Keep => Target.Keep(step.Index, step.Offset, step.Length),
            TargetAction.Hole => Target.Hole(step.Index, step.Offset, step.Length),
            _ => Target.End(step.Index, step.Status, step.Offset, step.Digest),
        };
    }

    private TargetFault? Write(in TargetWork work)
    {
        var step = work.Step;
        var written = Target.Write(step.Index, step.Offset, work.Bytes.Span);
        if (!work.Ends) return written;
        // A file comes to its end whatever became of its last bytes.
        var end = work.EndStep;
        var ended = Target.End(end.Index, end.Status, end.Offset, end.Digest);
        return ended is { EndsSession: true } ? ended : written ?? ended;
    }

    private TargetNews Answer(TargetAsk ask)
    {
        var question = ask.Question;
        switch (question.Inquiry)
        {
            case TargetInquiry.Decide:
                return new TargetNews { Offer = Target.Describe(ask.Summary) };
            case TargetInquiry.Prepare:
                return new TargetNews { Failure = Target.Prepare() };
            case TargetInquiry.Begin:
                var plans = new List<EntryPlan>(question.Count);
                while (plans.Count < question.Count && (plans.Count == 0 || plans[^1].Kind != PlanKind.Have)) plans.Add(Target.Begin(question.Index + plans.Count));
                return new TargetNews { Plans = [.. plans] };
            case TargetInquiry.Hash:
                var hashes = new byte[question.Count * TreeLimits.HashBytes];
                return new TargetNews { Run = Target.HashBlocks(question.Index, question.FirstBlock, hashes), Hashes = hashes };
            default:
                return new TargetNews { Failure = Target.Finish() };
        }
    }
}
