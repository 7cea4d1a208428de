namespace P2PCopy.NatTraversal.Channel.Words;

/// <summary>The four words of a session: who reads them to each other over the telephone knows that nobody sits between them.</summary>
internal static class VerificationWords
{
    /// <summary>Words of a session.</summary>
    public const int Count = KeySchedule.WordBytes;

    /// <summary>The words of the bytes of <see cref="KeySchedule.VerificationWords"/>, even and odd lists taking turns.</summary>
    public static string[] FromBytes(ReadOnlySpan<byte> bytes)
    {
        // PROTOCOL KEY-5.
        var words = new string[bytes.Length];
        for (var i = 0; i < words.Length; i++) words[i] = (i % 2 == 0 ? WordList.Even : WordList.Odd)[bytes[i]];
        return words;
    }

    /// <summary>
    /// Whether a user typed these words in this order. Only letters count and their case does not: blanks, commas and dashes may stand
    /// anywhere or be missing, since no two choices of words have the same letters.
    /// </summary>
    public static bool Matches(string typed, ReadOnlySpan<string> words)
    {
        var next = 0;
        foreach (var word in words)
        {
            foreach (var letter in word)
            {
                while (next < typed.Length && !char.IsLetter(typed[next])) next++;
                if (next == typed.Length || char.ToLowerInvariant(typed[next]) != char.ToLowerInvariant(letter)) return false;
                next++;
            }
        }

        while (next < typed.Length && !char.IsLetter(typed[next])) next++;
        return next == typed.Length && !words.IsEmpty;
    }
}
