using System.Text;
using P2PCopy.Transfer.Text;

namespace P2PCopy.Transfer.Receiving;

/// <summary>
/// A file name from a peer that was checked: one component, legal on every system, honest to the eye. It cannot be built
/// otherwise, and it is never repaired: a name that breaks a rule is refused with the rule as a sentence.
/// </summary>
/// <example><code>
/// if (!SafeName.TryCreate(offered, rules, out var name, out var refusal)) return refusal.Sentence;
/// </code></example>
public sealed record SafeName
{
    /// <summary>Most bytes of UTF-8 in a name: the limit of the common file systems.</summary>
    public const int MaxBytes = 255;

    /// <summary>The end of the names of unfinished files. It is reserved: no peer can offer such a name.</summary>
    public const string PartSuffix = ".p2p-part";

    /// <summary>The end of the names of the journals beside unfinished files, reserved like <see cref="PartSuffix"/>.</summary>
    internal const string JournalSuffix = ".p2p-map";

    private SafeName(string value) => Value = value;

    /// <summary>The name, exactly as the peer spelt it.</summary>
    public string Value { get; }

    /// <summary>Whether it begins with a dot: hidden on Unix, so a prompt should say so.</summary>
    public bool IsHidden => Value[0] == '.';

    /// <summary>Whether opening such a file runs it or leads elsewhere, so a prompt should say so.</summary>
    public bool IsExecutableType => ProgramTypes.Includes(Value);

    /// <summary>Whether other programs obey such a file unasked; then it passed only because the user allows that.</summary>
    public bool IsSensitive => SensitiveNames.IsSensitive(Value);

    /// <summary>
    /// Whether letters and their accents are separate characters, as some file systems store them (form NFD). Such a name looks
    /// like its composed twin and is another file on most systems.
    /// </summary>
    public bool IsDecomposed => Value.Any(static letter =>
        letter is (>= '\u0300' and <= '\u036F') or (>= '\u1161' and <= '\u11FF') or '\u3099' or '\u309A');

    /// <summary>Checks a name.</summary>
    /// <param name="name">What the peer offers.</param>
    /// <param name="rules">What the user has allowed.</param>
    /// <param name="safe">The checked name.</param>
    /// <param name="refusal">Otherwise the rule that is broken.</param>
    public static bool TryCreate(
        string name,
        NameRules rules,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SafeName? safe,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out NameRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryCreateAt(name, !rules.AllowSensitive && SensitiveNames.IsSensitive(name), out safe, out refusal);
    }

    /// <summary>The same for a component of a path, whose place decides whether programs obey it there.</summary>
    internal static bool TryCreateAt(
        string name,
        bool sensitive,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SafeName? safe,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out NameRefusal? refusal)
    {
        var fault = FaultOf(name) ?? (sensitive ? NameFault.Sensitive : null);
        safe = fault is null ? new SafeName(name) : null;
        refusal = fault is { } found ? new NameRefusal(found, Describe(name, found)) : null;
        return fault is null;
    }

    /// <inheritdoc/>
    public override string ToString() => DisplayText.Escape(Value);

    /// <summary>The same name with a number: <c>name (1).ext</c>.</summary>
    internal SafeName Numbered(int number) => new(NumberedName.Beside(Value, number));

    private static NameFault? FaultOf(string name)
    {
        if (name.Length == 0) return NameFault.Empty;
        if (name is "." or "..") return NameFault.DotName;
        if (CharacterRules.FirstFault(name) is { } fault) return fault;
        if (Encoding.UTF8.GetByteCount(name) > MaxBytes) return NameFault.TooLong;
        if (name[^1] == '.' || char.IsWhiteSpace(name[^1])) return NameFault.TrailingDotOrSpace;
        if (DeviceNames.Contains(name)) return NameFault.Device;
        return name.EndsWith(PartSuffix, StringComparison.OrdinalIgnoreCase) || name.EndsWith(JournalSuffix, StringComparison.OrdinalIgnoreCase)
            ? NameFault.PartSuffix
            : null;
    }

    private static string Describe(string name, NameFault fault)
    {
        var shown = DisplayText.Escape(name, 80);
        return fault switch
        {
            NameFault.Empty => "The peer offers a file without a name.",
            NameFault.DotName => $"The offered name '{shown}' is a folder.",
            NameFault.Separator => $"The offered name '{shown}' is a path; only a name is taken, never a place.",
            NameFault.Colon => $"The offered name '{shown}' contains a colon, which means a drive or a hidden stream on Windows.",
            NameFault.ReservedCharacter => $"The offered name '{shown}' contains a character that Windows forbids.",
            NameFault.Control => $"The offered name '{shown}' contains a control character.",
            NameFault.Invisible => $"The offered name '{shown}' contains a character that cannot be seen.",
            NameFault.BrokenSurrogate => $"The offered name '{shown}' is broken text.",
            NameFault.Unassigned => $"The offered name '{shown}' contains a character without a meaning.",
            NameFault.TooLong => $"The offered name '{shown}' is longer than {MaxBytes} bytes.",
            NameFault.TrailingDotOrSpace => $"The offered name '{shown}' ends with a dot or a space, which some systems drop.",
            NameFault.Device => $"The offered name '{shown}' is a device on Windows.",
            NameFault.PartSuffix => $"The offered name '{shown}' ends like an unfinished file of this program.",
            NameFault.Sensitive => $"The offered name '{shown}' is one that other programs obey unasked.",
            _ => $"The offered name '{shown}' is not safe.",
        };
    }
}
