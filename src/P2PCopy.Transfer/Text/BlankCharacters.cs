namespace P2PCopy.Transfer.Text;

/// <summary>
/// Characters that print as nothing although their general category is a letter, a mark or a symbol (Unicode's
/// Default_Ignorable_Code_Point beyond category Cf, and the empty Braille cell).
/// </summary>
internal static class BlankCharacters
{
    public static bool Contains(int value) => value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5
        or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF);
}
