using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree;

namespace P2PCopy.Transfer.IO.Tree;

/// <content>How the copy begins and ends: the question to the user, and the tidying up.</content>
internal sealed partial class TreeReceivePump
{
    /// <summary>Asks the user; null when the contents may flow.</summary>
    private async Task<Ending?> DecideAsync(TreeOffer offer)
    {
        using var limit = new CancellationTokenSource(_options.DecisionLimit, _watch.Provider);
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _over.Token);
        try
        {
            // A prompt that blocks or does not heed its token is left behind; nothing it says later counts.
            var decision = await Task.Run(() => _decide(offer, asked.Token).AsTask(), asked.Token).WaitAsync(asked.Token).ConfigureAwait(false);
            return decision.IsAccepted ? null : RefusalEndings.ByUser(decision.Reason);
        }
        catch (OperationCanceledException)
        {
            return limit.IsCancellationRequested ? RefusalEndings.NotAnswered(_options.DecisionLimit) : RefusalEndings.ByUser("");
        }
    }

    /// <summary>Nothing uses the connection's memory or the target when this is over. What has arrived is still written, unless the user wants it to end.</summary>
    private async Task SettleAsync(CancellationToken cancellation)
    {
        _steps.Close(dropSteps: cancellation.IsCancellationRequested);
        foreach (var step in new Task?[] { _sending, _deciding, _steps.Over })
        {
            if (step is not null) await step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // It may sync what is kept for another day.
        await Task.Run(_disk.Target.Dispose, CancellationToken.None).ConfigureAwait(false);
    }

    private CopyOutcome Conclude()
    {
        var ending = _session.Ending!;
        string? note = null;
        if (_isFinished && _session.FailedEntries == 0 && ending.Kind is OutcomeKind.BrokenOff or OutcomeKind.Interrupted)
        {
            // All of it was on the disk before connection or user ended the session, and the user is told the truth.
            ending = TreeEndings.Done;
            note = "The peer may not have heard that everything is here.";
        }

        if (_accepted) _watch.Report(Position(final: true));
        if (_session is { LeftOutEntries: > 0, FirstLeftOut: { } rule } && ending.Kind == OutcomeKind.Done)
            note = $"{_session.LeftOutEntries} of {_session.Offer!.Entries} entries were left out. {rule.What} {rule.Next}".TrimEnd();
        return CopyOutcome.From(ending) with
        {
            Bytes = TreePosition.BytesOf(_session),
            Travelled = _session.TravelledBytes,
            Files = _session.EndedEntries,
            Elapsed = _watch.Elapsed,
            Note = note,
            LeftOut = _session.LeftOutEntries,
            Failed = _session.FailedEntries,
            Notes = [.. _notes.OrderBy(static told => told.Index).Select(static told => told.ToEntryNote())],
            FinalPath = ending.Kind != OutcomeKind.Done ? null : _session.Offer!.Entries == 1 ? _only?.Path : _options.Folder,
            Sha256 = ending.Kind == OutcomeKind.Done && _session.Offer!.Entries == 1 ? _only?.Sha256 : null,
            Texts = _disk.Target.Texts,
        };
    }
}
