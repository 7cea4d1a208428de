using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>
/// Shows what the peer offers and asks whether to receive it. The name stands alone on its line and behind the size, so no name
/// can pass for a part of the question.
/// </summary>
internal sealed class OfferQuestion(CommandContext context, ReceiveOptions options, Patience patience, bool yes)
{
    private const string Question = "Receive it? [Y/n] ";

    private readonly Screen _screen = context.Screen;

    /// <summary>Decides about an offer.</summary>
    public async ValueTask<OfferDecision> DecideAsync(Offer offer, CancellationToken cancellation)
    {
        context.Surroundings.Events.TellOffer(offer);
        Show(offer);
        if (yes)
        {
            // A disk that is too small for it is told by whoever writes.
            return options is { IsUnattended: true, MaxSize: null } && offer.FreeBytes is { } free && offer.Size <= free && offer.Size > free / 2
                ? OfferDecision.Refuse("It needs more than half of the free space, and nobody was asked. Say with --max-size how much may come.")
                : OfferDecision.Accept;
        }

        if (!context.Surroundings.InputIsTerminal || !context.Surroundings.OutputIsTerminal)
            return OfferDecision.Refuse("Nobody can be asked here, as this is no terminal. Start the receiver with --yes to receive without being asked.");
        try
        {
            if (patience.IsShort) _screen.Essential($"Your peer's program waits for {DurationText.Rough(patience.ForUser)}.");
            return await YesOrNo.AskAsync(context, Question, cancellation).ConfigureAwait(false) ? OfferDecision.Accept : OfferDecision.Refuse("The receiving side said no.");
        }
        catch (OperationCanceledException)
        {
            _screen.AbandonPrompt();
            throw;
        }
    }

    private void Show(Offer offer)
    {
        // Who must answer has to see what about, --quiet or not.
        Action<string, bool> show = yes ? _screen.Note : _screen.Essential;
        var columns = context.Surroundings.NameColumns;
        show($"Your peer wants to send {DisplayText.Size(offer.Size)}:", true);
        show($"  {DisplayText.Escape(offer.Name.Value, columns)}", true);
        var target = TreeQuestion.Line(offer.TargetPath, columns - Free(offer).Length) ?? $"It goes to {DisplayText.Escape(Path.GetDirectoryName(offer.TargetPath) ?? "", int.MaxValue)}";
        show(target + Free(offer), true);
        foreach (var warning in Warnings(offer)) show(warning, true);
    }

    private static string Free(Offer offer) => offer.FreeBytes is { } free ? $" ({DisplayText.Size(free)} free)" : "";

    private IEnumerable<string> Warnings(Offer offer)
    {
        if (offer.FreeBytes < offer.Size) yield return "Warning: the disk has not enough room for it.";
        if (offer.Exists)
            yield return options.Existing switch
            {
                ExistingFile.Overwrite => "Warning: a file of that name exists and will be replaced.",
                ExistingFile.Skip => "A file of that name exists and will be kept; this one will be refused.",
                _ => "A file of that name exists and will be kept beside it.",
            };
        if (offer.Name.IsHidden) yield return "Warning: this is a hidden file.";
        if (offer.Name.IsExecutableType) yield return "Warning: files of this kind can run programs when they are opened.";
    }
}
