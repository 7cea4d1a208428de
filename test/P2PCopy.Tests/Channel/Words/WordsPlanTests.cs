using P2PCopy.NatTraversal.Channel;
using P2PCopy.NatTraversal.Channel.Words;

namespace P2PCopy.Tests.Channel.Words;

/// <summary>Each row: what is known, who began, whether words are wanted, strangers; then what is shown, asked, and shown after that.</summary>
public sealed class WordsPlanTests
{
    // PROTOCOL KEY-7.
    [Theory]
    [InlineData("Ticket", true, false, 0, "1234", "", "")]
    [InlineData("Ticket", false, false, 0, "1234", "", "")]
    [InlineData("Ticket", true, true, 0, "12", "34", "")]
    [InlineData("Ticket", false, true, 0, "34", "12", "")]
    [InlineData("Bare", true, false, 1, "12", "34", "")]
    [InlineData("Bare", true, true, 1, "12", "34", "")]
    [InlineData("Bare", false, false, 1, "34", "12", "")]
    [InlineData("Bare", false, true, 9, "34", "12", "")]
    [InlineData("OneWayTicket", false, false, 1, "", "12", "34")]
    [InlineData("OneWayTicket", false, true, 4, "", "12", "34")]
    [InlineData("OneWayTicket", false, false, 5, "", "1234", "")]
    [InlineData("OneWayTicket", false, true, 9, "", "1234", "")]
    public void Each_case_shows_and_asks_for_its_words(
        string trust, bool isInitiator, bool verify, int strangers, string shown, string asked, string shownOnceTyped)
    {
        var plan = WordsPlan.For(Enum.Parse<PeerTrust>(trust), isInitiator, verify, strangers);

        Assert.Equal((shown, asked, shownOnceTyped), (Of(plan.Shown), Of(plan.Asked), Of(plan.ShownOnceTyped)));
        Assert.Equal(asked.Length > 0, plan.MustType);
    }

    [Fact]
    public void Two_words_that_fit_two_sessions_are_not_enough() =>
        Assert.Equal("1234", Of(WordsPlan.For(PeerTrust.OneWayTicket, false, false, 2, severalMatch: true).Asked));

    [Fact]
    public void What_is_to_be_typed_is_never_on_the_screen_before()
    {
        foreach (var trust in Enum.GetValues<PeerTrust>())
        {
            for (var bits = 0; bits < 8; bits++)
            {
                var plan = WordsPlan.For(trust, (bits & 1) != 0, (bits & 2) != 0, 1 + bits, (bits & 4) != 0);
                Assert.Empty(Of(plan.Shown).Intersect(Of(plan.Asked)));
            }
        }
    }

    private static string Of(Range words) => "1234"[words];
}
