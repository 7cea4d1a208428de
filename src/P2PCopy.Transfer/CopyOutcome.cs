namespace P2PCopy.Transfer;

/// <summary>How a copy ended. Every way is a value; nothing a peer, a disk or a user does is an exception.</summary>
public sealed record CopyOutcome
{
    /// <summary>The class of the ending.</summary>
    public required OutcomeKind Kind { get; init; }

    /// <summary>What happened, one sentence, safe to print on a terminal.</summary>
    public required string What { get; init; }

    /// <summary>Why it happened, one sentence, or empty.</summary>
    public string Why { get; init; } = "";

    /// <summary>What the user can do next, one sentence, or empty.</summary>
    public string Next { get; init; } = "";

    /// <summary>What else the user should know (the source changed, another name was taken), or <see langword="null"/>.</summary>
    public string? Note { get; init; }

    /// <summary>Bytes that the peer confirmed (sender) or that were written (receiver).</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes of content that travelled: less than <see cref="Bytes"/> where blocks were there already or are holes.</summary>
    public long Travelled { get; init; }

    /// <summary>Files that came to their end, of a copy of several.</summary>
    public int Files { get; init; }

    /// <summary>Entries that the rules of the receiver kept out.</summary>
    public int LeftOut { get; init; }

    /// <summary>Entries that should have been copied and could not be.</summary>
    public int Failed { get; init; }

    /// <summary>The first of both, <see cref="EntryNote.Most"/> at most, in the order of the entries; both sides tell the same.</summary>
    public IReadOnlyList<EntryNote> Notes { get; init; } = [];

    /// <summary>The texts that were received, a stranger's.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Where the file is now, at the receiver, when <see cref="Kind"/> is <see cref="OutcomeKind.Done"/>.</summary>
    public string? FinalPath { get; init; }

    /// <summary>SHA-256 of the content in lower-case hexadecimal, when it was asked for and the copy is done.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The time from the start of the copy to its end.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary><see cref="What"/>, <see cref="Why"/> and <see cref="Next"/> as one line.</summary>
    public string Sentence => string.Join(' ', new[] { What, Why, Next }.Where(part => part.Length > 0));

    internal static CopyOutcome From(Ending ending) =>
        new() { Kind = ending.Kind, What = ending.What, Why = ending.Why, Next = ending.Next };
}
