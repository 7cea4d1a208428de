using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Transfer.IO;

/// <summary>How the receiver's copy begins and ends: the question to the user, and the tidying up.</summary>
internal sealed partial class ReceivePump
{
    /// <summary>Looks at the target, asks the user and creates the part file; null when the file may flow.</summary>
    private async Task<Ending?> DecideAsync()
    {
        var name = _session.Name!;
        Offer? offer = null;
        var obstacle = await _disk.Run(() => TargetFolder.Examine(name, _session.Size, _options, out offer)).ConfigureAwait(false);
        if (obstacle is not null) return obstacle;

        using var limit = new CancellationTokenSource(_options.DecisionLimit, _watch.Provider);
        using var asked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _over.Token);
        OfferDecision decision;
        try
        {
            // A prompt that blocks or does not heed its token is left behind; nothing it says later counts.
            decision = await Task.Run(() => _decide(offer!, asked.Token).AsTask(), asked.Token).WaitAsync(asked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return limit.IsCancellationRequested ? RefusalEndings.NotAnswered(_options.DecisionLimit) : RefusalEndings.ByUser("");
        }

        if (!decision.IsAccepted) return RefusalEndings.ByUser(decision.Reason);
        var existing = decision.Existing ?? _options.Existing;
        return await _disk.Run(() =>
        {
            _ = FileSink.TryCreate(_options.Folder, name, _session.Size, existing, out _sink, out var failure);
            return failure;
        }).ConfigureAwait(false);
    }

    /// <summary>Waits for what is under way; the connection has ended, so it is the disk's last step at most.</summary>
    private async Task SettleAsync()
    {
        foreach (var step in new Task?[] { _filling, _deciding, _writing, _committing, _answering })
        {
            if (step is not null) await step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_sink is not null)
        {
            await _disk.Run(() =>
            {
                _sink.Dispose();
                return 0;
            }).ConfigureAwait(false);
        }
    }

    private async Task<CopyOutcome> ConcludeAsync()
    {
        var ending = _session.Ending!;
        var note = _sink?.Note;
        if (_sink?.FinalPath is not null && ending.Kind != OutcomeKind.Done)
        {
            // The file was whole before the connection or the user ended the session: it is there, and the user is told the truth.
            ending = Ending.Done;
            note = string.Join(' ', new[] { note, "The peer may not have heard that the file is whole." }.Where(part => part is not null));
        }

        if (_accepted) _watch.Report(_session.WrittenBytes, _session.Size, final: true);
        var done = ending.Kind == OutcomeKind.Done;
        return CopyOutcome.From(ending) with
        {
            Bytes = _session.WrittenBytes,
            Elapsed = _watch.Elapsed,
            Note = done ? note : null,
            FinalPath = done ? _sink!.FinalPath : null,
            Sha256 = done && _hash is not null ? await _hash.FinishAsync().ConfigureAwait(false) : null,
        };
    }
}
