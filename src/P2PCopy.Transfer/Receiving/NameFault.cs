namespace P2PCopy.Transfer.Receiving;

/// <summary>What makes a name unfit for a file here or on any other system.</summary>
public enum NameFault
{
    /// <summary>It has no characters.</summary>
    Empty,

    /// <summary>It has more than 255 bytes of UTF-8.</summary>
    TooLong,

    /// <summary>It contains <c>/</c> or <c>\</c>.</summary>
    Separator,

    /// <summary>It is <c>.</c> or <c>..</c>.</summary>
    DotName,

    /// <summary>It contains <c>:</c>, which means a drive or a hidden stream on Windows.</summary>
    Colon,

    /// <summary>It contains one of <c>&lt; &gt; " | ? *</c>.</summary>
    ReservedCharacter,

    /// <summary>It contains a control character.</summary>
    Control,

    /// <summary>It contains a character that is not seen: format, direction, zero width, line separator, filler.</summary>
    Invisible,

    /// <summary>It contains half of a surrogate pair.</summary>
    BrokenSurrogate,

    /// <summary>It contains a private-use or unassigned character.</summary>
    Unassigned,

    /// <summary>It ends with a dot or a space, which some systems drop.</summary>
    TrailingDotOrSpace,

    /// <summary>It is the name of a device on Windows.</summary>
    Device,

    /// <summary>It ends like the unfinished files of this program.</summary>
    PartSuffix,

    /// <summary>It is the name of a file that other programs obey unasked.</summary>
    Sensitive,
}

/// <summary>Why a name was refused.</summary>
/// <param name="Fault">The rule it breaks.</param>
/// <param name="Sentence">The same for people, with the name escaped.</param>
public sealed record NameRefusal(NameFault Fault, string Sentence);

/// <summary>What the user has allowed for names.</summary>
/// <param name="AllowSensitive">Whether files may be received that other programs obey unasked, such as <c>.bashrc</c>.</param>
public readonly record struct NameRules(bool AllowSensitive);
