using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Tests.Transfer.Receiving;

/// <summary>Names that were used against programs of this kind, and the rule that each breaks.</summary>
internal static class HostileNames
{
    public static IEnumerable<(string Name, NameFault Fault)> All { get; } =
    [
        ("", NameFault.Empty),
        (".", NameFault.DotName), ("..", NameFault.DotName),
        ("../escaped.txt", NameFault.Separator), ("..\\escaped.txt", NameFault.Separator), ("/etc/passwd", NameFault.Separator),
        ("\\\\server\\share\\f", NameFault.Separator), ("//server/share/f", NameFault.Separator), ("a/b", NameFault.Separator),
        ("a/../../b", NameFault.Separator), ("./a", NameFault.Separator), ("a/", NameFault.Separator), ("\\\\?\\C:\\f", NameFault.Separator),
        ("\\\\.\\PhysicalDrive0", NameFault.Separator), ("..\u2215../f\\", NameFault.Separator),
        ("C:", NameFault.Colon), ("C:file", NameFault.Colon), ("file.txt:stream", NameFault.Colon), ("file::$DATA", NameFault.Colon),
        ("a<b", NameFault.ReservedCharacter), ("a>b", NameFault.ReservedCharacter), ("a\"b", NameFault.ReservedCharacter),
        ("a|b", NameFault.ReservedCharacter), ("a?b", NameFault.ReservedCharacter), ("*", NameFault.ReservedCharacter),
        ("a\0b", NameFault.Control), ("a\nb", NameFault.Control), ("a\tb", NameFault.Control), ("\u001b[31mred", NameFault.Control),
        ("a\u007fb", NameFault.Control), ("a\u0085b", NameFault.Control), ("\u009b2J", NameFault.Control),
        ("photo\u202Egpj.exe", NameFault.Invisible), ("a\u2066b", NameFault.Invisible), ("a\u200Bb", NameFault.Invisible),
        ("a\u200Db", NameFault.Invisible), ("a\u200C", NameFault.Invisible), ("\uFEFFa", NameFault.Invisible), ("a\u00ADb", NameFault.Invisible),
        ("a\u2028b", NameFault.Invisible), ("a\u2029b", NameFault.Invisible), ("a\u061Cb", NameFault.Invisible), ("a\u2060b", NameFault.Invisible),
        ("a\U000E0041b", NameFault.Invisible), ("\u3164", NameFault.Invisible), ("a\u115Fb", NameFault.Invisible), ("a\uFFA0b", NameFault.Invisible),
        (".g\u200Cit", NameFault.Invisible),
        ("a\ud800", NameFault.BrokenSurrogate), ("\udc00a", NameFault.BrokenSurrogate), ("a\ud800\ud800b", NameFault.BrokenSurrogate),
        ("a\ue000b", NameFault.Unassigned), ("a\U000F0000b", NameFault.Unassigned), ("a\uFFFFb", NameFault.Unassigned), ("a\u0378b", NameFault.Unassigned),
        (new string('a', 256), NameFault.TooLong), (new string('é', 128), NameFault.TooLong), (new string('写', 86), NameFault.TooLong),
        ("a.", NameFault.TrailingDotOrSpace), ("a ", NameFault.TrailingDotOrSpace), ("a. .", NameFault.TrailingDotOrSpace),
        ("...", NameFault.TrailingDotOrSpace), (" ", NameFault.TrailingDotOrSpace), ("a\u00A0", NameFault.TrailingDotOrSpace),
        ("CON", NameFault.Device), ("con", NameFault.Device), ("Con.txt", NameFault.Device), ("CON .txt", NameFault.Device),
        ("CON  .tar.gz", NameFault.Device), ("PRN", NameFault.Device), ("aux.c", NameFault.Device), ("NUL", NameFault.Device),
        ("nul.tar.gz", NameFault.Device), ("COM0", NameFault.Device), ("COM1", NameFault.Device), ("com9.log", NameFault.Device),
        ("LPT0", NameFault.Device), ("lpt1", NameFault.Device), ("LPT9.x", NameFault.Device), ("COM¹", NameFault.Device), ("COM².txt", NameFault.Device),
        ("LPT³", NameFault.Device), ("CONIN$", NameFault.Device), ("conout$", NameFault.Device), ("CLOCK$", NameFault.Device), ("clock$.txt", NameFault.Device),
        ("a.p2p-part", NameFault.PartSuffix), ("A.P2P-PART", NameFault.PartSuffix), (".p2p-part", NameFault.PartSuffix),
        (".ssh", NameFault.Sensitive), (".SSH", NameFault.Sensitive), (".git", NameFault.Sensitive), ("GIT~1", NameFault.Sensitive),
        (".bashrc", NameFault.Sensitive), ("authorized_keys", NameFault.Sensitive), ("desktop.ini", NameFault.Sensitive), ("AutoRun.inf", NameFault.Sensitive),
    ];
}
