using CsCheck;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Tests.Transfer.Tree.Names;

public sealed class NameFoldingTests
{
    [Theory]
    [InlineData("README", "readme")]
    [InlineData("Caf\u00E9", "cafe\u0301")]
    [InlineData("\u212B", "a\u030A")]
    [InlineData("\u212A", "k")]
    [InlineData("\u017F", "s")]
    [InlineData("stra\u00DFe", "STRASSE")]
    [InlineData("\u1E9E", "\u00DF")]
    [InlineData("\uFB01le", "file")]
    [InlineData("\u03A3\u03C3\u03C2", "\u03C3\u03C3\u03C3")]
    [InlineData("\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\uAC00", "\u1100\u1161")]
    [InlineData("\u1EAD", "a\u0302\u0323")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u01C5", "\u01C4")]
    [InlineData("\U00010400", "\U00010428")]
    [InlineData("\u0390", "\u03CA\u0301")]
    [InlineData("\u0939\u093F\u0928\u094D\u200D\u0926\u0940", "\u0939\u093F\u0928\u094D\u0926\u0940")]
    public void Spellings_that_some_system_takes_for_one_have_one_form(string one, string other) =>
        Assert.Equal(NameFolding.Fold(one), NameFolding.Fold(other));

    [Theory]
    [InlineData("resume", "r\u00E9sum\u00E9")]
    [InlineData("a", "\u0430")]
    [InlineData("\u0131", "i")]
    [InlineData("1", "\u00B9")]
    [InlineData("a\u0301\u0301", "a\u0301")]
    public void Spellings_that_all_systems_tell_apart_keep_their_own_forms(string one, string other) =>
        Assert.NotEqual(NameFolding.Fold(one), NameFolding.Fold(other));

    [Fact]
    public void A_form_is_its_own_form() => Gen.String[Gen.Char['\u0020', '\uD7FF'], 0, 40].Sample(static name =>
    {
        var folded = NameFolding.Fold(name);
        Assert.Equal(folded, NameFolding.Fold(folded));
    });
}
