using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>
/// Shows everything that the peer offers and asks whether to receive it. Each name stands alone on its line, behind the numbers, indented
/// and short enough not to wrap, so that none can pass for a part of the question.
/// </summary>
internal sealed class TreeQuestion(CommandContext context, bool yes)
{
    private const int MostNames = 10;
    private const int LeastName = 20;

    private readonly Screen _screen = context.Screen;

    /// <summary>Whether it was about more than one entry.</summary>
    public bool IsAboutSeveral { get; private set; }

    /// <summary>Decides about an offer.</summary>
    public async ValueTask<OfferDecision> DecideAsync(TreeOffer offer, CancellationToken cancellation)
    {
        IsAboutSeveral = offer.Entries > 1;
        context.Surroundings.Events.TellOffer(offer);

        // Who must answer has to see what about, --quiet or not.
        Action<string, bool> show = yes ? _screen.Note : _screen.Essential;
        foreach (var line in Lines(offer, context.Surroundings.NameColumns)) show(line, true);
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
    /// <param name="offer">What the peer offers.</param>
    /// <param name="columns">How wide a name may be.</param>
    internal static IEnumerable<string> Lines(TreeOffer offer, int columns)
    {
        if (offer.IsText)
        {
            yield return $"Your peer wants to send a text of {DisplayText.Size(offer.TotalBytes)}.";
            yield break;
        }

        yield return $"Your peer wants to send {Amount(offer)}:";
        var shown = offer.Names.Take(MostNames).ToArray();
        foreach (var name in shown) yield return Name(name);
        if (offer.Names.Count > shown.Length) yield return "  and more";
        if (offer.Files > 1 && offer.Largest is { } largest)
        {
            yield return $"The largest has {DisplayText.Size(offer.LargestBytes)}:";
            yield return Name(largest);
        }

        yield return offer.Folder.Length == 0 ? "It goes to standard output." : Target(offer, columns);
        if (offer.BytesHere > 0) yield return $"{DisplayText.Size(offer.BytesHere)} of it seem to be here already; what is right is not sent again.";
        if (offer.ExistingFiles > 0) yield return Existing(offer);
        if (!offer.MayFit) yield return "Warning: the disk has not enough room for it.";
        if (offer.TooLongNames > 0)
        {
            yield return offer.Entries == 1 ? "Warning: this name is too long for the disk there." : $"Warning: {Number(offer.TooLongNames)} of the names {(offer.TooLongNames == 1 ? "is" : "are")} too long for the disk there. The first:";
            if (offer.Entries > 1) yield return Name(offer.FirstTooLong!);
        }

        if (offer.HasStream) yield return "Its size is not known before its end.";
        if (offer.LeftOutEntries > 0)
        {
            yield return $"{Number(offer.LeftOutEntries)} of them left out unless you start with --allow-sensitive, as other programs obey them unasked. The first:";
            yield return Name(offer.FirstLeftOut!);
        }

        if (offer.HiddenEntries > 0)
        {
            yield return offer.Entries == 1 ? "Warning: this is a hidden file." : $"Warning: {Number(offer.HiddenEntries)} of them are hidden. The first:";
            if (offer.Entries > 1) yield return Name(offer.FirstHidden!);
        }

        if (offer.Programs > 0)
        {
            yield return offer.Entries == 1
                ? "Warning: files of this kind can run programs when they are opened."
                : $"Warning: {Number(offer.Programs)} of them can run programs when they are opened. The first:";
            if (offer.Entries > 1) yield return Name(offer.FirstProgram!);
        }

        string Name(string name) => $"  {DisplayText.Escape(name, columns)}";
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

    private static string Target(TreeOffer offer, int columns)
    {
        var free = offer.FreeBytes is { } bytes ? $" ({DisplayText.Size(bytes)} free)" : "";
        if (offer.Entries == 1 && offer.Names.Count == 1 && offer.ExistingFiles == 0 && Line(Path.Combine(offer.Folder, offer.Names[0]), columns - free.Length) is { } named) return named + free;
        return $"It goes to {DisplayText.Escape(offer.Folder, int.MaxValue)}{free}";
    }

    /// <summary>A sentence with a stranger's name in it, or null when it is wider than this.</summary>
    internal static string? Line(string place, int columns)
    {
        const string Before = "It goes to ";
        var room = columns - Before.Length;
        var whole = DisplayText.Escape(place, int.MaxValue);
        return room >= LeastName && DisplayText.Escape(place, room) == whole ? Before + whole : null;
    }

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
