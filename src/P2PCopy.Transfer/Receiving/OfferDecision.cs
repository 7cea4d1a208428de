namespace P2PCopy.Transfer.Receiving;

/// <summary>The answer to an <see cref="Offer"/>.</summary>
public sealed record OfferDecision
{
    private OfferDecision(bool isAccepted, ExistingFile? existing, string reason)
    {
        IsAccepted = isAccepted;
        Existing = existing;
        Reason = reason;
    }

    /// <summary>Take the file; an existing one is treated as <see cref="ReceiveOptions.Existing"/> says.</summary>
    public static OfferDecision Accept { get; } = new(true, null, "");

    /// <summary>Whether the file is taken.</summary>
    public bool IsAccepted { get; }

    /// <summary>What to do with an existing file, when the answer says so.</summary>
    public ExistingFile? Existing { get; }

    /// <summary>Why the file is refused: a sentence.</summary>
    public string Reason { get; }

    /// <summary>Take the file and treat an existing one like this.</summary>
    /// <param name="existing">What to do with an existing file.</param>
    public static OfferDecision AcceptWith(ExistingFile existing) => new(true, existing, "");

    /// <summary>Do not take the file.</summary>
    /// <param name="reason">Why: a sentence, shown on this side only.</param>
    public static OfferDecision Refuse(string reason) => new(false, null, reason);
}
