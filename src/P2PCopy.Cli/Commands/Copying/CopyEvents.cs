using System.Text.Json;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer;
using P2PCopy.Transfer.IO;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Cli.Commands.Copying;

/// <summary>The events of a copy, as docs/json.md describes them.</summary>
internal static class CopyEvents
{
    /// <summary>What this side offers.</summary>
    public static void TellOffer(this EventStream events, TreeSource source) => events.Emit("offer", json =>
    {
        WriteContents(json, source.Files, source.Entries, source.TotalBytes, source.IsStream, source.IsText, source.Names);
    });

    /// <summary>What the peer offers.</summary>
    public static void TellOffer(this EventStream events, TreeOffer offer) => events.Emit("offer", json =>
    {
        WriteContents(json, offer.Files, offer.Entries, offer.TotalBytes, offer.HasStream, offer.IsText, offer.Names);
        json.WriteString("folder", EventStream.Readable(offer.Folder));
        if (offer.FreeBytes is { } free) json.WriteNumber("freeBytes", free);
        json.WriteNumber("bytesHere", offer.BytesHere);
        json.WriteBoolean("fits", offer.MayFit);
        json.WriteNumber("existingFiles", offer.ExistingFiles);
        json.WriteNumber("leftOutEntries", offer.LeftOutEntries);
        if (offer.FirstLeftOut is { } first) json.WriteString("firstLeftOut", EventStream.Readable(first));
        json.WriteNumber("tooLongNames", offer.TooLongNames);
        if (offer.FirstTooLong is { } tooLong) json.WriteString("firstTooLong", EventStream.Readable(tooLong));
        json.WriteNumber("hiddenEntries", offer.HiddenEntries);
        if (offer.FirstHidden is { } hidden) json.WriteString("firstHidden", EventStream.Readable(hidden));
        json.WriteNumber("programs", offer.Programs);
        if (offer.FirstProgram is { } program) json.WriteString("firstProgram", EventStream.Readable(program));
    });

    /// <summary>What an original peer offers.</summary>
    public static void TellOffer(this EventStream events, Offer offer) => events.Emit("offer", json =>
    {
        WriteContents(json, 1, 1, offer.Size, isStream: false, isText: false, [offer.Name.Value]);
        json.WriteString("folder", EventStream.Readable(Path.GetDirectoryName(offer.TargetPath) ?? ""));
        if (offer.FreeBytes is { } free) json.WriteNumber("freeBytes", free);
        json.WriteNumber("existingFiles", offer.Exists ? 1 : 0);
        json.WriteNumber("hiddenEntries", offer.Name.IsHidden ? 1 : 0);
        json.WriteNumber("programs", offer.Name.IsExecutableType ? 1 : 0);
    });

    /// <summary>A file is whole.</summary>
    public static void TellFile(this EventStream events, ArrivedFile file) => events.Emit("file", json =>
    {
        json.WriteString("path", EventStream.Readable(file.Path));
        json.WriteNumber("bytes", file.Size);
        if (file.Sha256 is { } hash) json.WriteString("sha256", hash);
    });

    /// <summary>What was not copied.</summary>
    public static void TellNotes(this EventStream events, IReadOnlyList<EntryNote> notes)
    {
        foreach (var note in notes)
        {
            events.Emit("notCopied", json =>
            {
                json.WriteString("path", EventStream.Readable(note.Path));
                json.WriteString("reason", JsonNamingPolicy.CamelCase.ConvertName(note.Reason.ToString()));
                json.WriteBoolean("byRule", note.IsByRule);
                json.WriteString("text", note.Why);
            });
        }
    }

    /// <summary>The copy is at an end.</summary>
    public static void TellSummary(this EventStream events, CopyOutcome outcome, ExitCode code, TimeSpan time, string? resume) => events.Emit("summary", json =>
    {
        json.WriteBoolean("done", code == ExitCode.Done);
        json.WriteNumber("files", Math.Max(outcome.Files, code == ExitCode.Done ? 1 : 0));
        json.WriteNumber("bytes", outcome.Bytes);
        json.WriteNumber("travelledBytes", outcome.Files > 0 ? outcome.Travelled : outcome.Bytes);
        json.WriteNumber("leftOut", outcome.LeftOut);
        json.WriteNumber("failed", outcome.Failed);
        json.WriteNumber("seconds", Math.Round(time.TotalSeconds, 3));
        if (outcome.FinalPath is { } path) json.WriteString("path", EventStream.Readable(Path.GetFullPath(path)));
        if (outcome.Sha256 is { } hash) json.WriteString("sha256", hash);
        if (outcome.Texts.Count > 0)
        {
            json.WriteStartArray("texts");
            foreach (var text in outcome.Texts) json.WriteStringValue(EventStream.Readable(text));
            json.WriteEndArray();
        }

        if (resume is not null) json.WriteString("resume", EventStream.Readable(resume));
    });

    private static void WriteContents(Utf8JsonWriter json, int files, int entries, long bytes, bool isStream, bool isText, IEnumerable<string> names)
    {
        json.WriteNumber("files", files);
        json.WriteNumber("entries", entries);
        json.WriteNumber("bytes", bytes);
        json.WriteBoolean("stream", isStream);
        json.WriteBoolean("message", isText);
        json.WriteStartArray("names");
        foreach (var name in names) json.WriteStringValue(EventStream.Readable(name));
        json.WriteEndArray();
    }
}
