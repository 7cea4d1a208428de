namespace P2PCopy.NatTraversal.Tickets;

/// <summary>
/// Crockford's base 32: digits and letters without I, L, O and U, so it survives chats, being read out and being typed. Five bits a
/// character, first bit first; the bits left over in the last character are 0.
/// </summary>
internal static class CrockfordBase32
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int BitsPerCharacter = 5;
    private const byte NotADigit = 255;

    private static readonly byte[] Values = MakeValues();

    /// <summary>Characters for a number of bytes.</summary>
    public static int CharactersFor(int bytes) => ((bytes * 8) + BitsPerCharacter - 1) / BitsPerCharacter;

    /// <summary>The bytes as text in lower case, without padding.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[CharactersFor(bytes.Length)];
        var (bits, count, length) = (0u, 0, 0);
        foreach (var value in bytes)
        {
            bits = (bits << 8) | value;
            for (count += 8; count >= BitsPerCharacter;)
            {
                count -= BitsPerCharacter;
                text[length++] = Alphabet[(int)(bits >> count) & 31];
            }
        }

        if (count > 0) text[length] = Alphabet[(int)(bits << (BitsPerCharacter - count)) & 31];
        return new string(text);
    }

    /// <summary>
    /// The bytes of a text in any case, O read as 0, I and L as 1; <see langword="null"/> when a character is none of these, when there
    /// is one too many, or when bits are left over that are not 0.
    /// </summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length * BitsPerCharacter / 8];
        if (CharactersFor(bytes.Length) != text.Length) return null;
        var (bits, count, length) = (0u, 0, 0);
        foreach (var character in text)
        {
            var value = character < Values.Length ? Values[character] : NotADigit;
            if (value == NotADigit) return null;
            bits = (bits << BitsPerCharacter) | value;
            count += BitsPerCharacter;
            if (count < 8) continue;
            count -= 8;
            bytes[length++] = (byte)(bits >> count);
        }

        return (bits & ((1u << count) - 1)) == 0 ? bytes : null;
    }

    private static byte[] MakeValues()
    {
        var values = new byte[128];
        Array.Fill(values, NotADigit);
        for (byte value = 0; value < Alphabet.Length; value++)
            values[Alphabet[value]] = values[char.ToUpperInvariant(Alphabet[value])] = value;
        values['o'] = values['O'] = 0;
        values['i'] = values['I'] = values['l'] = values['L'] = 1;
        return values;
    }
}
