using System.Text;
using CsCheck;
using P2PCopy.Tests.Transfer.Receiving;
using P2PCopy.Transfer.Receiving;
using P2PCopy.Transfer.Tree.Names;

namespace P2PCopy.Tests.Transfer.Tree.Names;

public sealed class TreePathTests
{
    private static readonly NameRules All = new(AllowSensitive: true);

    [Fact]
    public void A_hostile_name_is_refused_at_every_place_of_a_path() => Assert.All(
        HostileNames.All.Where(static hostile => hostile.Fault != NameFault.Sensitive),
        static hostile =>
        {
            string[][] paths = [[hostile.Name], [hostile.Name, "b"], ["a", hostile.Name], ["a", hostile.Name, "b"]];
            Assert.All(paths, path =>
            {
                Assert.False(TreePath.TryCreate(path, isFolder: false, All, out var made, out var refusal));
                Assert.Null(made);
                Assert.Equal((TreePathFault.Name, hostile.Fault), (refusal.Fault, refusal.NameFault));
                Assert.DoesNotContain(refusal.Sentence, static letter => char.IsControl(letter) || char.IsSurrogate(letter) || letter == '\u202E');
            });
        });

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("//server/share")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a/./b")]
    [InlineData("./a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("..\\a")]
    [InlineData("a\\..\\..\\b")]
    [InlineData("C:/Windows/a")]
    [InlineData("C:a")]
    [InlineData("\\\\?\\C:\\a")]
    [InlineData("a/b\0c")]
    [InlineData("a/con/b")]
    [InlineData("a/b.p2p-part")]
    [InlineData("a/b.P2P-MAP")]
    public void A_path_that_could_leave_its_folder_is_refused(string path) =>
        Assert.False(TreePath.TryRead(Encoding.UTF8.GetBytes(path), isFolder: false, All, out _, out _));

    [Theory]
    [InlineData("a")]
    [InlineData("photos/2024/Übung 写真 📷.jpg")]
    [InlineData("مجلد/مستند.pdf")]
    [InlineData("папка/файл.txt")]
    [InlineData("source/.gitignore")]
    [InlineData("backup/home/.bashrc")]
    [InlineData("site/web.config")]
    public void An_honest_path_passes_unchanged(string path)
    {
        Assert.True(TreePath.TryRead(Encoding.UTF8.GetBytes(path), isFolder: false, default, out var made, out _));
        Assert.Equal(path, made.Value);
    }

    [Theory]
    [InlineData(".bashrc", false)]
    [InlineData(".config", true)]
    [InlineData(".config/app/settings", false)]
    [InlineData("home/.ssh", true)]
    [InlineData("home/.ssh/config", false)]
    [InlineData("source/.git/hooks/pre-commit", false)]
    [InlineData("source/.GIT/config", false)]
    [InlineData("a/Startup/b.lnk", false)]
    [InlineData("a/autostart/b.desktop", false)]
    [InlineData("a/b/desktop.ini", false)]
    [InlineData("a/authorized_keys", false)]
    public void What_programs_obey_unasked_needs_the_users_word(string path, bool isFolder)
    {
        Assert.False(TreePath.TryCreate(path.Split('/'), isFolder, default, out _, out var refusal));
        Assert.True(refusal.IsSensitive);
        Assert.True(TreePath.TryCreate(path.Split('/'), isFolder, All, out _, out _));
    }

    [Fact]
    public void Depth_and_length_end_where_they_are_said_to_end()
    {
        Assert.True(TreePath.TryCreate([.. Enumerable.Repeat("a", TreePath.MaxDepth)], isFolder: true, default, out _, out _));
        Assert.False(TreePath.TryCreate([.. Enumerable.Repeat("a", TreePath.MaxDepth + 1)], isFolder: true, default, out _, out var deep));
        Assert.Equal(TreePathFault.TooDeep, deep.Fault);

        string[] full = [.. Enumerable.Repeat(new string('a', 255), 8)];
        Assert.True(TreePath.TryCreate(full, isFolder: true, default, out var whole, out _));
        Assert.Equal(2047, Encoding.UTF8.GetByteCount(whole.Value));
        Assert.False(TreePath.TryCreate([.. full, "a"], isFolder: true, default, out _, out var tooLong));
        Assert.Equal(TreePathFault.TooLong, tooLong.Fault);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_and_never_throw() => Gen.Byte.Array[0, 3000].Sample(static bytes =>
    {
        if (!TreePath.TryRead(bytes, isFolder: false, All, out var path, out var refusal))
        {
            Assert.NotEmpty(refusal.Sentence);
            return;
        }

        Assert.Equal(bytes, Encoding.UTF8.GetBytes(path.Value));
        Assert.InRange(path.Depth, 1, TreePath.MaxDepth);
    });

    [Fact]
    public void No_taken_path_leads_out_of_its_folder_on_any_system()
    {
        var piece = Gen.OneOf(Gen.OneOf("..", ".", "", "/", "\\", "C:", "~", "$HOME", "\\\\?\\", "::$DATA", " ", "\0", "\u202E"), Gen.OneOf("a", "b", ".c"));
        Gen.Select(piece, piece, static (a, b) => a + b).Array[1, 8].Sample(static components =>
        {
            if (!TreePath.TryCreate(components, isFolder: false, All, out var path, out _)) return;
            Assert.Equal("/target/" + string.Join('/', components), Path.GetFullPath("/target/" + path.Value));
            Assert.DoesNotContain(path.Value, static letter => letter is '\\' or ':' or '\0');
        });
    }
}
