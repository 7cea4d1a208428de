namespace P2PCopy.NatTraversal;

/// <summary>What the options that name servers mean.</summary>
public static class ServerList
{
    /// <summary>The port of STUN (RFC 8489 §8.1).</summary>
    public const ushort StunPort = 3478;

    /// <summary>The port of NTP (RFC 5905 §7.2).</summary>
    public const ushort NtpPort = 123;

    /// <summary>The word that means: ask nobody.</summary>
    public const string None = "none";

    /// <summary>Reads the values of a repeatable option.</summary>
    /// <param name="texts">The values, in order.</param>
    /// <param name="defaultPort">The port of values without one.</param>
    /// <param name="servers">
    /// The servers; empty for the single word <c>none</c>; <see langword="null"/> without any value: the built-in list.
    /// </param>
    /// <param name="wrong">The value that cannot be read, when the result is <see langword="false"/>.</param>
    public static bool TryParse(
        IReadOnlyList<string> texts, ushort defaultPort, out IReadOnlyList<ServerName>? servers, out string? wrong)
    {
        (servers, wrong) = (null, null);
        if (texts.Count == 0) return true;
        var names = new List<ServerName>(texts.Count);
        if (texts is not [None])
        {
            foreach (var text in texts)
            {
                if (text == None || !ServerName.TryParse(text, defaultPort, out var name))
                {
                    wrong = text;
                    return false;
                }

                names.Add(name);
            }
        }

        servers = names;
        return true;
    }
}
