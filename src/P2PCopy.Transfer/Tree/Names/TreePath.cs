using System.Diagnostics.CodeAnalysis;
using System.Text;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.Tree.Names;

/// <summary>
/// The place of an entry in an offered tree: checked names from the top down. It cannot be built otherwise, has no way to say
/// "up", "root" or "drive", and is never repaired.
/// </summary>
/// <example><code>
/// if (!TreePath.TryCreate(["photos", "2024", "a.jpg"], isFolder: false, rules, out var path, out var refusal)) return refusal.Sentence;
/// </code></example>
internal sealed class TreePath : IEquatable<TreePath>
{
    /// <summary>Most components of a path.</summary>
    public const int MaxDepth = 64;

    /// <summary>Most bytes of UTF-8 in a path, the slashes counted: half of what the systems take, as it stands in a folder.</summary>
    public const int MaxBytes = 2048;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly int _bytes;
    private string? _value;

    private TreePath(TreePath? parent, SafeName leaf)
    {
        Parent = parent;
        Leaf = leaf;
        Depth = (parent?.Depth ?? 0) + 1;
        _bytes = BytesBelow(parent, leaf.Value);
    }

    /// <summary>The path of the entry's folder, or null at the top. Entries of one folder share it.</summary>
    public TreePath? Parent { get; }

    /// <summary>The entry's own name.</summary>
    public SafeName Leaf { get; }

    /// <summary>How many names there are.</summary>
    public int Depth { get; }

    /// <summary>The names from the top down; at least one.</summary>
    public IReadOnlyList<SafeName> Names
    {
        get
        {
            var names = new SafeName[Depth];
            for (var path = this; path is not null; path = path.Parent) names[path.Depth - 1] = path.Leaf;
            return names;
        }
    }

    /// <summary>The names joined by <c>/</c>, as the peer spelt them.</summary>
    public string Value => _value ??= Parent is null ? Leaf.Value : $"{Parent.Value}/{Leaf.Value}";

    /// <summary>Whether one of its names begins with a dot.</summary>
    public bool IsHidden => Leaf.IsHidden || Parent is { IsHidden: true };

    /// <summary>Checks a path.</summary>
    /// <param name="components">Its names from the top down.</param>
    /// <param name="isFolder">Whether the entry is a folder; what programs obey depends on it.</param>
    /// <param name="rules">What the user has allowed.</param>
    /// <param name="path">The checked path.</param>
    /// <param name="refusal">Otherwise the rule that is broken.</param>
    public static bool TryCreate(
        IReadOnlyList<string> components,
        bool isFolder,
        NameRules rules,
        [NotNullWhen(true)] out TreePath? path,
        [NotNullWhen(false)] out TreePathRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(components);
        path = null;
        refusal = FaultOf(components);
        if (refusal is not null) return false;
        for (var index = 0; index < components.Count; index++)
        {
            if (!TryAppend(path, components[index], isFolder || index < components.Count - 1, rules, out path, out refusal)) return false;
        }

        return path is not null;
    }

    /// <summary>Checks a path as it travels: UTF-8 with <c>/</c> between the names. The text is never longer than it may be.</summary>
    /// <param name="utf8">The bytes of the peer.</param>
    /// <param name="isFolder">Whether the entry is a folder.</param>
    /// <param name="rules">What the user has allowed.</param>
    /// <param name="path">The checked path.</param>
    /// <param name="refusal">Otherwise the rule that is broken.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        bool isFolder,
        NameRules rules,
        [NotNullWhen(true)] out TreePath? path,
        [NotNullWhen(false)] out TreePathRefusal? refusal)
    {
        path = null;
        refusal = utf8.Length > MaxBytes ? new TreePathRefusal(TreePathFault.TooLong, $"An offered path is longer than {MaxBytes} bytes.")
            : !System.Text.Unicode.Utf8.IsValid(utf8) ? new TreePathRefusal(TreePathFault.BrokenText, "An offered path is broken text.")
            : null;
        return refusal is null && TryCreate(Split(Strict.GetString(utf8)), isFolder, rules, out path, out refusal);
    }

    /// <summary>Checks one more name below a checked path, or at the top when that is null.</summary>
    public static bool TryCreateBelow(
        TreePath? parent,
        string name,
        bool isFolder,
        NameRules rules,
        [NotNullWhen(true)] out TreePath? path,
        [NotNullWhen(false)] out TreePathRefusal? refusal)
    {
        path = null;
        refusal = null;
        if ((parent?.Depth ?? 0) == MaxDepth || BytesBelow(parent, name) > MaxBytes)
            refusal = FaultOf([.. (parent?.Names ?? []).Select(static checkedName => checkedName.Value), name]);
        return refusal is null && TryAppend(parent, name, isFolder, rules, out path, out refusal);
    }

    /// <summary>The same path with another number behind the leaf's name: <c>folder/name (1).ext</c>.</summary>
    internal TreePath Numbered(int number) => new(Parent, Leaf.Numbered(number));

    /// <inheritdoc/>
    public bool Equals(TreePath? other) => ReferenceEquals(this, other)
        || (other is not null && Depth == other.Depth && Leaf.Equals(other.Leaf) && (Parent?.Equals(other.Parent) ?? true));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TreePath);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <summary>The path as it may be printed.</summary>
    public override string ToString() => DisplayText.Escape(Value);

    private static bool TryAppend(
        TreePath? parent, string name, bool isFolder, NameRules rules, [NotNullWhen(true)] out TreePath? path, [NotNullWhen(false)] out TreePathRefusal? refusal)
    {
        var sensitive = !rules.AllowSensitive && SensitiveNames.IsSensitive(name, isTop: parent is null, isFolder);
        refusal = SafeName.TryCreateAt(name, sensitive, out var leaf, out var fault) ? null : Below(parent?.Value ?? "", fault);
        path = refusal is null ? new TreePath(parent, leaf!) : null;
        return path is not null;
    }

    private static int BytesBelow(TreePath? parent, string name) => (parent is null ? 0 : parent._bytes + 1) + Encoding.UTF8.GetByteCount(name);

    // An empty text has no components at all; "a//b" and "/a" have an empty one, which no rule lets through.
    private static string[] Split(string text) => text.Length == 0 ? [] : text.Split('/');

    private static TreePathRefusal? FaultOf(IReadOnlyList<string> components)
    {
        if (components.Count == 0) return new TreePathRefusal(TreePathFault.Empty, "The peer offers an entry without a name.");
        if (components.Count > MaxDepth)
        {
            return new TreePathRefusal(TreePathFault.TooDeep, $"The offered path '{Shown(components.Take(8))}/…' is more than {MaxDepth} folders deep.");
        }

        var bytes = components.Count - 1L;
        foreach (var component in components) bytes += Encoding.UTF8.GetByteCount(component);
        return bytes <= MaxBytes ? null
            : new TreePathRefusal(TreePathFault.TooLong, $"The offered path '{Shown(components.Take(8))}' is longer than {MaxBytes} bytes.");
    }

    private static TreePathRefusal Below(string folder, NameRefusal refusal)
    {
        var place = folder.Length == 0 ? "" : $" (in '{DisplayText.Escape(folder, 80)}')";
        return new TreePathRefusal(TreePathFault.Name, refusal.Sentence[..^1] + place + ".", refusal.Fault);
    }

    private static string Shown(IEnumerable<string> components) => DisplayText.Escape(string.Join('/', components), 80);
}
