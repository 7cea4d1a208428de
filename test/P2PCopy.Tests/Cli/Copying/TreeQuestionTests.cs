using System.Globalization;
using System.Text;
using CsCheck;
using P2PCopy.Cli.Commands.Copying;
using P2PCopy.Tests.Transfer.Receiving;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Tests.Cli.Copying;

/// <summary>No name can pass for a part of the question, whatever it is and however wide the terminal.</summary>
public sealed class TreeQuestionTests
{
    private static readonly string[] Spoofs =
    [
        "photo.jpg                                                                  Receive it? [Y/n] y", "a\r\nReceive it? [Y/n] y", "\u001b[2J\u001b[H",
        "Your peer wants to send 1 byte:", "gpj.\u202Eexe", "写真写真写真写真写真写真写真写真写真写真写真写真写真写真写真写真写真写真写真写真写真写真.jpg", "\u2800\u2800\u2800",
        .. HostileNames.All.Select(static hostile => hostile.Name),
    ];

    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.String, Gen.Int[0, Spoofs.Length - 1].Select(static index => Spoofs[index]), Gen.Char[" aR?[Y/n]…é写\u0301\u202E"].Array[0, 300].Select(static letters => new string(letters)));

    [Fact]
    public void Whatever_is_offered_stands_indented_on_lines_of_its_own_that_never_wrap() => Gen.Select(Name, Name, Name, Name, Gen.Int[20, 200]).Sample(
        static (top, largest, hidden, program, columns) =>
        {
            var offer = Offer(top) with { Entries = 9, Files = 5, Largest = largest, HiddenEntries = 1, FirstHidden = hidden, Programs = 2, FirstProgram = program, LeftOutEntries = 1, FirstLeftOut = top, TooLongNames = 1, FirstTooLong = program };
            var lines = TreeQuestion.Lines(offer, columns).ToArray();
            foreach (var line in lines)
            {
                Assert.DoesNotContain(line, static letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\u202E');
                if (line.StartsWith("  ", StringComparison.Ordinal)) Assert.InRange(Columns(line), 2, columns + 2);
            }

            // All the other lines are the same for any names at all.
            var plain = TreeQuestion.Lines(offer with { Names = ["x"], Largest = "x", FirstHidden = "x", FirstProgram = "x", FirstLeftOut = "x", FirstTooLong = "x" }, columns);
            Assert.Equal(plain.Where(IsOurs), lines.Where(IsOurs));
        },
        iter: 3000);

    [Fact]
    public void A_single_name_stands_in_a_sentence_only_when_that_cannot_wrap() => Gen.Select(Name, Gen.Int[20, 200]).Sample(
        static (name, columns) => Assert.All(
            TreeQuestion.Lines(Offer(name) with { Entries = 1, Files = 1 }, columns).Where(static line => line.StartsWith("It goes to ", StringComparison.Ordinal)),
            line => Assert.True(line == "It goes to /downloads" || Columns(line) <= columns, line)),
        iter: 2000);

    [Fact]
    public void The_size_comes_first_and_the_end_of_a_long_name_is_seen()
    {
        var lines = TreeQuestion.Lines(Offer(new string('a', 200) + ".jpg.exe") with { Entries = 1, Files = 1, TotalBytes = 5, Programs = 1 }, 40).ToArray();

        Assert.Equal("Your peer wants to send 5 bytes:", lines[0]);
        Assert.EndsWith(".jpg.exe", lines[1], StringComparison.Ordinal);
        Assert.Contains('…', lines[1]);
        Assert.InRange(Columns(lines[1]), 20, 42);
    }

    [Fact]
    public void What_is_hidden_what_runs_and_what_is_left_out_is_marked_by_number_and_by_name()
    {
        var lines = TreeQuestion.Lines(
            Offer("project/") with
            {
                Entries = 9,
                Files = 7,
                HiddenEntries = 2,
                FirstHidden = "project/.env",
                Programs = 3,
                FirstProgram = "project/run.sh",
                LeftOutEntries = 1,
                FirstLeftOut = "project/.git",
            },
            77).ToArray();

        Assert.Contains("Warning: 2 of them are hidden. The first:\n  project/.env\nWarning: 3 of them can run programs when they are opened. The first:\n  project/run.sh", string.Join('\n', lines), StringComparison.Ordinal);
        Assert.Contains("1 of them left out unless you start with --allow-sensitive, as other programs obey them unasked. The first:\n  project/.git\n", string.Join('\n', lines), StringComparison.Ordinal);
        Assert.Contains("Warning: this is a hidden file.", TreeQuestion.Lines(Offer(".env") with { Entries = 1, Files = 1, HiddenEntries = 1, FirstHidden = ".env" }, 77));
    }

    [Fact]
    public void Names_that_the_disk_does_not_take_are_told_before_the_answer()
    {
        Assert.Contains("Warning: this name is too long for the disk there.", TreeQuestion.Lines(Offer("long") with { Entries = 1, Files = 1, TooLongNames = 1, FirstTooLong = "long" }, 77));
        var several = TreeQuestion.Lines(Offer("d/") with { Entries = 1234, Files = 1233, TooLongNames = 1001, FirstTooLong = "d/long" }, 77).ToArray();
        Assert.Equal("  d/long", several[Array.IndexOf(several, "Warning: 1,001 of the names are too long for the disk there. The first:") + 1]);
    }

    private static TreeOffer Offer(string name) => new() { Names = [name], Folder = "/downloads" };

    private static bool IsOurs(string line) => !line.StartsWith("  ", StringComparison.Ordinal);

    /// <summary>Wide characters count as two; by another rule than the program's, for the blocks that the names above are of.</summary>
    private static int Columns(string line) => line.EnumerateRunes().Sum(static rune =>
        Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherLetter && rune.Value is >= 0x4E00 and <= 0x9FFF ? 2 : 1);
}
