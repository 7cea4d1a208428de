using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Tests.Transfer.Tree.Names;

public sealed class ShortNameTwinsTests
{
    [Theory]
    [InlineData("PROGRA~1", "Program Files", true)]
    [InlineData("progra~2", "Program Files (x86)", true)]
    [InlineData("LETTER~1.DOC", "Letter to mum.docx", true)]
    [InlineData("LETTER~1.DOC", "Letter to mum.txt", false)]
    [InlineData("LETTER~1.DOC", "letter.doc", false)]
    [InlineData("LE1A2B~1.DOC", "letter number five.doc", true)]
    [InlineData("LETTER~1", "Other long name", false)]
    [InlineData("a~b.txt", "a~b and more.txt", false)]
    [InlineData("notes~.txt", "notes of the year.txt", false)]
    [InlineData("A_B~1", "a+b of mine", true)]
    [InlineData("HTACCE~1", ".htaccess of mine", false)]
    public void A_name_that_Windows_makes_up_for_another_one_of_the_folder_is_found_whichever_comes_first(string made, string other, bool isTwin)
    {
        var twins = new ShortNameTwins();
        Assert.Null(twins.Add(Path("d", other)));
        Assert.Null(twins.Add(Path("d", made)));

        Assert.Null(twins.FaultOf(Path("d", made)));
        Assert.Equal(isTwin ? TreePathFault.Twin : null, twins.FaultOf(Path("d", other))?.Fault);
        Assert.Null(twins.FaultOf(Path("elsewhere", other)));
    }

    [Fact]
    public void A_manifest_of_such_names_alone_ends_somewhere()
    {
        var twins = new ShortNameTwins();
        for (var i = 0; i < 4096; i++) Assert.Null(twins.Add(Path("d", $"A~{i}")));
        Assert.Equal(TreePathFault.TooMany, twins.Add(Path("d", "B~1"))?.Fault);
    }

    private static TreePath Path(params string[] names)
    {
        Assert.True(TreePath.TryCreate(names, isFolder: false, new NameRules(AllowSensitive: true), out var path, out var refusal), refusal?.Sentence);
        return path;
    }
}
