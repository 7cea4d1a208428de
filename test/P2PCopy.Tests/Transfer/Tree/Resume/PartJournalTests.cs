using CsCheck;
using P2PCopy.Transfer.Tree.Resume;

namespace P2PCopy.Tests.Transfer.Tree.Resume;

public sealed class PartJournalTests
{
    private static readonly byte[] Nonce = [.. Enumerable.Range(0, 16).Select(static number => (byte)number)];

    private static readonly Gen<(bool Safe, long Start, long End)[]> Steps =
        Gen.Select(Gen.Bool, Gen.Long[0, 1L << 40], Gen.Long[0, 1L << 30], static (safe, start, length) => (safe, start, start + length)).Array[0, 20];

    [Fact]
    public void A_journal_cut_at_any_byte_says_what_it_said_before_the_torn_record() => Steps.Sample(static steps =>
    {
        var (text, states) = Write(steps);
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var journal = PartJournal.Read(text.AsSpan(0, cut));
            if (cut < states[0].Length) Assert.Null(journal);
            else Assert.Equal(states.Last(state => state.Length <= cut).Safe, journal!.Safe.Ranges);
        }
    }, iter: 50);

    [Fact]
    public void Damage_ends_a_journal_where_it_begins() => Gen.Select(Steps, Gen.Int[0, 10_000], Gen.Int[0, 7]).Sample(static (steps, place, bit) =>
    {
        var (text, states) = Write(steps);
        place %= text.Length;
        text[place] ^= (byte)(1 << bit);
        var journal = PartJournal.Read(text);
        if (place < states[0].Length) Assert.Null(journal);
        else Assert.Equal(states.Last(state => state.Length <= place).Safe, journal!.Safe.Ranges);
    });

    [Fact]
    public void Any_bytes_are_read_without_a_fault() => Gen.Byte.Array[0, 400].Sample(static bytes => Assert.Null(PartJournal.Read(bytes)));

    [Fact]
    public void Records_of_an_earlier_journal_are_none_of_a_new_one()
    {
        var old = Write([(true, 0, 1 << 20), (true, 1 << 20, 2 << 20)]).Text;
        _ = PartJournal.Begin("name", [.. Nonce.Reverse()], out var text);

        var journal = PartJournal.Read([.. text, .. old.AsSpan(text.Length)]);

        Assert.Equal(0, journal!.Safe.Count);
        Assert.Equal(text.Length, journal.Length);
    }

    [Fact]
    public void A_journal_that_was_read_goes_on()
    {
        var (text, _) = Write([(true, 0, 100)]);
        var journal = PartJournal.Read(text)!;
        byte[] longer = [.. text, .. journal.AddSafe(100, 200), .. journal.Revoke(0, 50)];

        Assert.Equal([(50, 200)], PartJournal.Read(longer)!.Safe.Ranges);
        Assert.Equal("name", PartJournal.Read(longer)!.Name);
    }

    private static (byte[] Text, List<(int Length, (long, long)[] Safe)> States) Write((bool Safe, long Start, long End)[] steps)
    {
        var journal = PartJournal.Begin("name", Nonce, out var text);
        var states = new List<(int Length, (long, long)[] Safe)> { (text.Length, []) };
        foreach (var (safe, start, end) in steps)
        {
            text = [.. text, .. safe ? journal.AddSafe(start, end) : journal.Revoke(start, end)];
            Assert.Equal(text.Length, journal.Length);
            states.Add((text.Length, [.. journal.Safe.Ranges]));
        }

        return (text, states);
    }
}
