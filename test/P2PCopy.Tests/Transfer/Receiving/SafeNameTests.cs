using System.Text;
using CsCheck;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Tests.Transfer.Receiving;

public sealed class SafeNameTests
{
    private static readonly string[] Hostiles = [.. HostileNames.All.Select(hostile => hostile.Name)];

    public static TheoryData<string, NameFault> Hostile
    {
        get
        {
            var data = new TheoryData<string, NameFault>();
            // Broken surrogates do not survive a test's display name, so every unit is written as an escape.
            foreach (var (name, fault) in HostileNames.All) data.Add(string.Concat(name.Select(unit => $"{(int)unit:x4}")), fault);
            return data;
        }
    }

    [Theory, MemberData(nameof(Hostile))]
    public void A_hostile_name_is_refused_with_its_rule_and_a_printable_sentence(string units, NameFault fault)
    {
        var name = string.Concat(units.Chunk(4).Select(unit => (char)Convert.ToUInt16(new string(unit), 16)));

        Assert.False(SafeName.TryCreate(name, default, out var safe, out var refusal));
        Assert.Null(safe);
        Assert.Equal(fault, refusal.Fault);
        Assert.EndsWith(".", refusal.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Sentence, letter => char.IsControl(letter) || char.IsSurrogate(letter) || letter == '\u202E');
        Assert.InRange(refusal.Sentence.Length, 20, 220);
    }

    [Theory]
    [InlineData("hello.txt")]
    [InlineData("Übung 写真 📷.jpg")]
    [InlineData("a..b")]
    [InlineData("...a")]
    [InlineData("console.log")]
    [InlineData("COM10")]
    [InlineData("LPT")]
    [InlineData("CONIN")]
    [InlineData("null.txt")]
    [InlineData(" leading space")]
    [InlineData("a.p2p-part.txt")]
    [InlineData("~$draft.docx")]
    [InlineData("می\u200Cخواهم.pdf")]
    [InlineData("क्\u200Dष.txt")]
    [InlineData("100% & more; $HOME `id` 'q'")]
    [InlineData("-rf")]
    public void An_honest_name_passes_unchanged(string name)
    {
        Assert.True(SafeName.TryCreate(name, default, out var safe, out _));
        Assert.Equal(name, safe.Value);
    }

    [Fact]
    public void A_name_of_255_bytes_passes() => Assert.True(SafeName.TryCreate(new string('写', 85), default, out _, out _));

    [Fact]
    public void Hidden_sensitive_decomposed_and_running_files_are_marked()
    {
        Assert.True(Create(".config").IsHidden);
        Assert.False(Create("a.config").IsHidden);
        Assert.True(Create("holiday.jpg.EXE").IsExecutableType);
        Assert.False(Create("holiday.jpg").IsExecutableType);
        Assert.True(Create("e\u0301.txt").IsDecomposed);
        Assert.False(Create("é.txt").IsDecomposed);
        Assert.True(SafeName.TryCreate(".bashrc", new NameRules(AllowSensitive: true), out var allowed, out _));
        Assert.True(allowed.IsSensitive);
    }

    [Fact]
    public void Whatever_passes_stays_inside_its_folder_on_every_system() =>
        Gen.OneOf(
            Gen.String,
            Gen.Select(Gen.Int[0, Hostiles.Length - 1].Select(index => Hostiles[index]), Gen.String, Gen.Bool,
                (name, more, front) => front ? more + name : name + more),
            Gen.String["./\\:aC \u202E\0"]).Sample(name =>
        {
            if (!SafeName.TryCreate(name, default, out var safe, out var refusal))
            {
                Assert.NotEmpty(refusal.Sentence);
                return;
            }

            Assert.Equal(name, safe.Value);
            Assert.DoesNotContain(name, letter => letter is '/' or '\\' or ':' or < ' ');
            Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 255);
            Assert.Equal(Path.Combine("folder", name), Path.GetRelativePath(".", Path.GetFullPath(Path.Combine("folder", name))));
            Assert.False(name.EndsWith('.') || name.EndsWith(' '));
        }, iter: 20_000);

    [Theory]
    [InlineData("a.txt", 1, "a (1).txt")]
    [InlineData("a", 2, "a (2)")]
    [InlineData(".config", 1, ".config (1)")]
    [InlineData("a.tar.gz", 3, "a.tar (3).gz")]
    public void The_second_file_of_a_name_gets_a_number(string name, int number, string expected) =>
        Assert.Equal(expected, Create(name).Numbered(number).Value);

    [Fact]
    public void Derived_names_are_safe_too() =>
        Gen.Select(Gen.OneOf(Gen.String["aé写.📷 "], Gen.Char["aé写."].Array[200, 260].Select(letters => new string(letters))), Gen.Int[1, 99999]).Sample((name, number) =>
        {
            if (!SafeName.TryCreate(name, default, out var safe, out _)) return;
            Assert.True(SafeName.TryCreate(safe.Numbered(number).Value, default, out _, out var refusal), refusal?.Sentence);
            var part = NumberedName.Part(name, number);
            Assert.InRange(Encoding.UTF8.GetByteCount(part), 1, 143);
            Assert.EndsWith(SafeName.PartSuffix, part, StringComparison.Ordinal);
        }, iter: 5000);

    [Fact]
    public void Unfinished_files_of_long_names_have_names_that_differ_where_theirs_do()
    {
        Assert.Equal("name.ext.p2p-part", NumberedName.Part("name.ext", 1));
        Assert.Equal("name.ext.2.p2p-part", NumberedName.Part("name.ext", 2));
        var (one, other) = (new string('n', 250) + ".one", new string('n', 250) + ".two");
        Assert.NotEqual(NumberedName.Part(one, 1), NumberedName.Part(other, 1));
        Assert.Equal(NumberedName.Part(one, 1), NumberedName.Part(one, 1));
        Assert.StartsWith("nnnn", NumberedName.Part(one, 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/home/me/.ssh", ".ssh")]
    [InlineData("/home/me/project/.git/hooks", ".git")]
    [InlineData("C:\\Users\\me\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup", "Startup")]
    [InlineData("/home/me/.config/autostart", "autostart")]
    [InlineData("/home/me/Downloads", null)]
    [InlineData("/home/me/git/sshd", null)]
    public void Folders_whose_content_is_obeyed_are_known(string path, string? component) =>
        Assert.Equal(component, SensitiveNames.SensitiveFolder(path));

    private static SafeName Create(string name)
    {
        Assert.True(SafeName.TryCreate(name, default, out var safe, out var refusal), refusal?.Sentence);
        return safe;
    }
}
