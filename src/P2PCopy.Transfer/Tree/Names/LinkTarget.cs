using System.Diagnostics.CodeAnalysis;
using System.Text;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.Tree.Names;

/// <summary>
/// Where a symbolic link of an offered tree leads: relative, and to a place below the same top folder. Steps up stand only in
/// front: behind a name they would be taken from wherever that name leads, if it is a link itself.
/// </summary>
internal sealed class LinkTarget
{
    private LinkTarget(string value) => Value = value;

    /// <summary>The target with <c>/</c>, as the peer spelt it.</summary>
    public string Value { get; }

    /// <summary>Checks the target of a link.</summary>
    /// <param name="link">Where the link stands.</param>
    /// <param name="text">What it holds.</param>
    /// <param name="rules">What the user has allowed.</param>
    /// <param name="target">The checked target.</param>
    /// <param name="refusal">Otherwise the rule that is broken.</param>
    public static bool TryCreate(
        TreePath link,
        string text,
        NameRules rules,
        [NotNullWhen(true)] out LinkTarget? target,
        [NotNullWhen(false)] out TreePathRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(text);
        refusal = IsInside(link, text, rules) ? null : new TreePathRefusal(
            TreePathFault.LinkOutside, $"The offered link '{link}' leads to '{DisplayText.Escape(text, 80)}', which is not a plain way inside its folder.");
        target = refusal is null ? new LinkTarget(text) : null;
        return refusal is null;
    }

    /// <inheritdoc/>
    public override string ToString() => DisplayText.Escape(Value);

    private static bool IsInside(TreePath link, string text, NameRules rules)
    {
        if (text.Length is 0 or > TreePath.MaxBytes || Encoding.UTF8.GetByteCount(text) > TreePath.MaxBytes) return false;
        var components = text.Split('/');
        var ups = components.TakeWhile(static component => component == "..").Count();
        // The folder around the top entry holds the user's own things, so a link stays below its top entry.
        if (ups >= link.Depth - 1 || components.Length - ups > TreePath.MaxDepth) return false;
        var names = link.Names.Take(link.Depth - 1 - ups).Select(static name => name.Value).Concat(components.Skip(ups)).ToArray();
        // What remains must be a place that an entry of the tree could have; it may be a folder, so it is judged as one.
        return names.Length > 0 && TreePath.TryCreate(names, isFolder: true, rules, out _, out _);
    }
}
