using System.Text;

namespace P2PCopy.Transfer.Receiving;

/// <summary>
/// Names that every system takes, made of those that some do not: for a sender whose user wants such files sent under another name
/// rather than left out.
/// </summary>
internal static class PortableName
{
    private const char Instead = '_';

    /// <summary>
    /// The name with <c>_</c> in the place of each character that some system does not take, of dots and spaces at its end, and behind
    /// the name of a device; the name itself when it is fit, and null when nothing of that makes it so.
    /// </summary>
    public static string? From(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        for (var index = 0; index < name.Length;)
        {
            var isWhole = Rune.TryGetRuneAt(name, index, out var rune);
            var length = isWhole ? rune.Utf16SequenceLength : 1;
            if (isWhole && CharacterRules.FaultAt(name, index) is null) text.Append(name, index, length);
            else text.Append(Instead);
            index += length;
        }

        for (var index = text.Length - 1; index >= 0 && (text[index] == '.' || char.IsWhiteSpace(text[index])); index--) text[index] = Instead;
        if (DeviceNames.Contains(text.ToString()))
        {
            var dot = text.ToString().IndexOf('.', StringComparison.Ordinal);
            text.Insert(dot < 0 ? text.Length : dot, Instead);
        }

        var made = text.ToString();
        return SafeName.TryCreate(made, new NameRules(AllowSensitive: true), out _, out _) ? made : null;
    }
}
