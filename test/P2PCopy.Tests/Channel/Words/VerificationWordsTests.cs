using System.Security.Cryptography;
using System.Text;
using P2PCopy.NatTraversal.Channel.Words;

namespace P2PCopy.Tests.Channel.Words;

public sealed class VerificationWordsTests
{
    private static readonly string[] Words = ["topmost", "Istanbul", "Pluto", "vagabond"];

    // The usual example of the list: the fingerprint of an early key of its author.
    [Fact]
    public void The_words_are_those_of_the_published_example()
    {
        var words = VerificationWords.FromBytes(Convert.FromHexString("E58294F2E9A227486E8B061B31CC528FD7FA3F19"));

        Assert.Equal(
            "topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa afflict bravado chatter revolver Dupont "
            + "midsummer stopwatch whimsical cowbell bottomless",
            string.Join(' ', words));
    }

    [Theory]
    [InlineData(0, "aardvark", "Zulu", "541ddf6f9cb42d5f68c504d3e73c9604e07cc9bc0c9f970ede363979f631aff8")]
    [InlineData(1, "adroitness", "Yucatan", "da2f42899401481ae69b71da92f1f26abd36d0c1e457fd372a0f1e48d1f3f152")]
    public void The_lists_are_whole(int list, string first, string last, string digest)
    {
        var words = list == 0 ? WordList.Even : WordList.Odd;

        Assert.Equal((256, first, last), (words.Length, words[0], words[^1]));
        Assert.All(words, word => Assert.True(word.All(char.IsAsciiLetter)));
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', words)))));
        var misplaced = words.Zip(words[1..]).Where(pair => string.Compare(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase) >= 0);
        Assert.Equal(list == 0 ? [] : [("applicant", "Apollo")], misplaced);
    }

    [Fact]
    public void No_two_choices_of_words_have_the_same_letters()
    {
        var pairs = WordList.Even.SelectMany(even => WordList.Odd.Select(odd => (even + odd).ToUpperInvariant()));

        Assert.Equal(256 * 256, pairs.Distinct().Count());
        Assert.Equal(512, WordList.Even.Concat(WordList.Odd).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("topmost Istanbul")]
    [InlineData("  TOPMOST,istanbul. ")]
    [InlineData("topmost-istanbul")]
    [InlineData("topmostistanbul")]
    [InlineData("top most\tistan bul\r\n")]
    [InlineData("\"topmost\" – \"Istanbul\"")]
    public void Case_blanks_and_marks_do_not_matter(string typed) => Assert.True(VerificationWords.Matches(typed, Words.AsSpan(..2)));

    [Theory]
    [InlineData("")]
    [InlineData("y")]
    [InlineData("yes")]
    [InlineData("topmost")]
    [InlineData("Istanbul topmost")]
    [InlineData("Pluto vagabond")]
    [InlineData("topmost Istanbul Pluto")]
    [InlineData("topmost Istanbu")]
    [InlineData("topmost İstanbul")]
    [InlineData("xtopmost Istanbul")]
    public void Anything_else_does(string typed) => Assert.False(VerificationWords.Matches(typed, Words.AsSpan(..2)));

    [Fact]
    public void Nothing_matches_when_no_words_are_asked_for() => Assert.False(VerificationWords.Matches("", []));
}
