using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.Tests.Tickets;

/// <summary>Tickets that were changed on their way: no damage makes another ticket of them.</summary>
public sealed class TicketDamageTests
{
    private const int Mutations = 1_000_000;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyzilou";
    private const string Others = ":.-[]-\n \u00a0\u200b\t/'\"_*%?é’–０🙂";

    [Fact]
    public void No_single_character_of_the_body_can_be_another_one()
    {
        var (text, body) = (TicketVector.Home.Text, TicketVector.Home.Text.IndexOf('-', StringComparison.Ordinal) + 1);
        for (var at = body; at < text.Length; at++)
        {
            foreach (var character in Alphabet.Where(character => Meaning(character) != Meaning(text[at])))
            {
                var damaged = $"{text.AsSpan(0, at)}{character}{text.AsSpan(at + 1)}";
                var fault = TicketReader.Read(damaged, null, 0).Fault;

                Assert.True(fault is TicketFault.Damaged or TicketFault.NewerVersion, damaged);
                Assert.True(fault == TicketFault.Damaged || at == body, damaged);
            }
        }
    }

    // PROTOCOL TKT-3.
    [Fact]
    public void No_digit_of_the_address_can_be_another_one()
    {
        var (text, body) = (TicketVector.Home.Text, TicketVector.Home.Text.IndexOf('-', StringComparison.Ordinal));
        for (var at = 0; at < body; at++)
            foreach (var digit in "0123456789".Where(digit => digit != text[at]))
                Assert.Null(TicketReader.Read($"{text.AsSpan(0, at)}{digit}{text.AsSpan(at + 1)}", null, 0).Ticket);
    }

    [Fact]
    public void A_ticket_that_was_cut_is_no_ticket()
    {
        foreach (var vector in TicketVector.All)
        {
            for (var length = 1; length < vector.Text.Length; length++)
            {
                var reading = TicketReader.Read(vector.Text[..length], null, 0);

                Assert.Null(reading.Ticket);
                Assert.True(reading.Fault is TicketFault.Damaged || length <= vector.Text.IndexOf('-', StringComparison.Ordinal) + 1, vector.Text[..length]);
            }
        }
    }

    [Fact]
    public void A_million_damaged_tickets_are_refused_or_are_still_the_same()
    {
        var random = new Random(20_261_122);
        var (buffer, refused, same) = (new List<char>(512), 0, 0);
        for (var i = 0; i < Mutations; i++)
        {
            var vector = TicketVector.All[random.Next(TicketVector.All.Count)];
            buffer.Clear();
            buffer.AddRange(vector.Text);
            for (var changes = random.Next(1, 4); changes > 0 && buffer.Count > 0; changes--) Damage(buffer, random);
            var text = new string([.. buffer]);
            TicketReading reading;
            try
            {
                reading = TicketReader.Read(text, null, 0);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"mutation {i} makes the reader throw: {text}", error);
            }

            if (reading.Ticket is not { } ticket)
            {
                // Nothing checks an address alone, but nothing may stand behind it either.
                Assert.False(reading.Address is not null && text.Length > vector.Text.Length / 2, $"mutation {i} is taken for an address: {text}");
                refused++;
            }
            else
            {
                Assert.True(ticket.Equals(vector.Ticket), $"mutation {i} is taken for another ticket: {text}");
                same++;
            }
        }

        // Both happen often, else this would show nothing.
        Assert.True(refused > Mutations / 2 && same > Mutations / 100, $"{refused} refused, {same} the same");
    }

    private static void Damage(List<char> text, Random random)
    {
        var at = random.Next(text.Count);
        switch (random.Next(8))
        {
            case 0:
            case 1:
                text[at] = Any(Alphabet, random);
                break;
            case 2:
                text[at] = Any(Others, random);
                break;
            case 3:
                text.RemoveAt(at);
                break;
            case 4:
                var other = random.Next(3) == 0 ? random.Next(text.Count) : Math.Min(at + 1, text.Count - 1);
                (text[at], text[other]) = (text[other], text[at]);
                break;
            case 5:
                text.Insert(at, Any(random.Next(2) == 0 ? Alphabet : Others, random));
                break;
            case 6:
                text[at] = char.IsAsciiLetterLower(text[at]) ? char.ToUpperInvariant(text[at]) : char.ToLowerInvariant(text[at]);
                break;
            default:
                var length = Math.Min(random.Next(1, 12), text.Count - at);
                if (random.Next(4) == 0) text.RemoveRange(at, text.Count - at);
                else if (random.Next(2) == 0) text.InsertRange(at, text.GetRange(at, length));
                else text.RemoveRange(at, length);
                break;
        }
    }

    private static char Any(string characters, Random random) => characters[random.Next(characters.Length)];

    private static char Meaning(char character) => character switch { 'o' => '0', 'i' or 'l' => '1', _ => character };
}
