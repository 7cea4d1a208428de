using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>
/// Shows everything that the peer offers and asks whether to receive it. Each name stands alone on its line and behind the numbers,
/// so that none can pass for a part of the question.
/// </summary>
internal sealed class TreeQuestion(CommandContext context, bool yes)
{
    private const int MostNames = 10;

    private readonly Screen _screen = context.Screen;

    /// <summary>Whether it was about more than one entry.</summary>
    public bool IsAboutSeveral { get; private set; }

    /// <summary>Decides about an offer.</summary>
    public async ValueTask<OfferDecision> DecideAsync(TreeOffer offer, CancellationToken cancellation)
    {
        IsAboutSeveral = offer.Entries > 1;
        context.Surroundings.Events.TellOffer(offer);

        // Who must answer has to see what about, --quiet or not.
        Action<string> show = yes ? _screen.Note : _screen.Essential;
        foreach (var line in Lines(offer)) show(line);
        if (yes) return OfferDecision.Accept;
        if (!context.Surroundings.InputIsTerminal || !context.Surroundings.OutputIsTerminal)
            return OfferDecision.Refuse("Nobody can be asked here, as this is no terminal. Start the receiver with --yes to receive without being asked.");
        try
        {
            return await YesOrNo.AskAsync(context, offer.IsText ? "Show it? [Y/n] " : "Receive it? [Y/n] ", cancellation).ConfigureAwait(false)
                ? OfferDecision.Accept
                : OfferDecision.Refuse("The receiving side said no.");
        }
        catch (OperationCanceledException)
        {
            _screen.AbandonPrompt();
            throw;
        }
    }

    /// <summary>What is shown of an offer.</summary>
    internal static IEnumerable<string> Lines(TreeOffer offer)
    {
        if (offer.IsText)
        {
            yield return $"Your peer wants to send a text of {DisplayText.Size(offer.TotalBytes)}.";
            yield break;
        }

        yield return $"Your peer wants to send {Amount(offer)}:";
        var shown = offer.Names.Take(MostNames).ToArray();
        foreach (var name in shown) yield return $"  {DisplayText.Escape(name)}";
        if (offer.Names.Count > shown.Length) yield return "  and more";
        if (offer.Files > 1 && offer.Largest is { } largest) yield return $"The largest: {DisplayText.Escape(largest)} ({DisplayText.Size(offer.LargestBytes)})";
        yield return offer.Folder.Length == 0
            ? "It goes to standard output."
            : $"It goes to {DisplayText.Escape(Target(offer), int.MaxValue)}{(offer.FreeBytes is { } free ? $" ({DisplayText.Size(free)} free)" : "")}";
        if (offer.BytesHere > 0) yield return $"{DisplayText.Size(offer.BytesHere)} of it seem to be here already; what is right is not sent again.";
        if (offer.ExistingFiles > 0) yield return Existing(offer);
        if (!offer.MayFit) yield return "Warning: the disk has not enough room for it.";
        if (offer.HasStream) yield return "Its size is not known before its end.";
        if (offer.LeftOutEntries > 0)
            yield return $"{CopyEnd.Count(offer.LeftOutEntries, "entry").Replace("entrys", "entries", StringComparison.Ordinal)} left out unless you start with --allow-sensitive: {offer.LeftOutRule}";
        if (offer.HiddenEntries > 0) yield return offer.Entries == 1 ? "Warning: this is a hidden file." : $"Warning: {Number(offer.HiddenEntries)} of them are hidden.";
        if (offer.Programs > 0)
            yield return offer.Entries == 1
                ? "Warning: files of this kind can run programs when they are opened."
                : $"Warning: {Number(offer.Programs)} of them can run programs when they are opened, the first is {DisplayText.Escape(offer.FirstProgram!)}";
    }

    private static string Amount(TreeOffer offer)
    {
        var parts = new List<string>();
        if (offer.Entries > 1)
        {
            parts.Add(CopyEnd.Count(offer.Files, "file"));
            if (offer.Folders > 0) parts.Add($"in {CopyEnd.Count(offer.Folders, "folder")}");
            if (offer.Links > 0) parts.Add($"and {CopyEnd.Count(offer.Links, "link")}");
        }
        else if (offer.Folders == 1) parts.Add("an empty folder");

        var size = offer.HasStream ? "a stream" : offer.Files > 0 || parts.Count == 0 ? DisplayText.Size(offer.TotalBytes) : "";
        var things = string.Join(' ', parts);
        return things.Length == 0 ? size : size.Length == 0 ? things : $"{things}, {size}";
    }

    private static string Target(TreeOffer offer) =>
        offer.Entries == 1 && offer.Names.Count == 1 && offer.ExistingFiles == 0 ? Path.Combine(offer.Folder, offer.Names[0]) : offer.Folder;

    private static string Existing(TreeOffer offer)
    {
        var one = offer.Entries == 1;
        var which = one ? "A file of that name exists" : $"{Number(offer.ExistingFiles)} of the names are taken there: what exists";
        return offer.Existing switch
        {
            ExistingFile.Overwrite => $"Warning: {(one ? "a file of that name exists" : which)} and will be replaced where it differs.",
            ExistingFile.Skip => $"{which} and will be kept{(one ? "; this one will not be received" : "")}.",
            _ => $"{which} and will be kept beside {(one ? "it" : "the new")} where it differs.",
        };
    }

    private static string Number(int number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);
}
