using System.Text.Json;
using P2PCopy.EndToEnd.Processes;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>The events that a document describes, read from its tables, and what real ones are held against.</summary>
internal sealed class EventSchema
{
    private readonly Dictionary<string, Dictionary<string, string>> _events = [];

    public EventSchema(string document = "docs/json.md")
    {
        Dictionary<string, string>? fields = null;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, document)))
        {
            if (line.StartsWith("### `", StringComparison.Ordinal)) _events.Add(line.Trim('#', ' ', '`'), fields = []);
            else if (line.StartsWith("| `", StringComparison.Ordinal) && line.Split('|', StringSplitOptions.TrimEntries) is [_, var name, var type, ..]) fields!.Add(name.Trim('`'), type);
        }
    }

    public IEnumerable<string> Names => _events.Keys;

    /// <summary>The event's name; fails when it is not as described.</summary>
    public string Check(string line)
    {
        using var json = JsonDocument.Parse(line);
        var name = json.RootElement.GetProperty("event").GetString()!;
        Assert.True(_events.TryGetValue(name, out var fields), $"undocumented event: {line}");
        foreach (var field in json.RootElement.EnumerateObject().Where(field => field.Name != "event"))
        {
            Assert.True(fields.TryGetValue(field.Name, out var type), $"undocumented field {field.Name}: {line}");
            var kind = field.Value.ValueKind switch
            {
                JsonValueKind.String => "string",
                JsonValueKind.Number => "number",
                JsonValueKind.Array => "array",
                JsonValueKind.True or JsonValueKind.False => "boolean",
                var other => other.ToString(),
            };
            Assert.True(type.TrimEnd('?') == kind, $"{field.Name} is no {type}: {line}");
        }

        foreach (var (field, type) in fields)
            Assert.True(type.EndsWith('?') || json.RootElement.TryGetProperty(field, out _), $"{field} is missing: {line}");
        return name;
    }
}
