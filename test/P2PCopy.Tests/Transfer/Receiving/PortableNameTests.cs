using CsCheck;
using P2PCopy.Transfer.Receiving;

namespace P2PCopy.Tests.Transfer.Receiving;

public sealed class PortableNameTests
{
    private static readonly NameRules Rules = new(AllowSensitive: true);

    [Theory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("12:30 <draft>?.txt", "12_30 _draft__.txt")]
    [InlineData("a\\b", "a_b")]
    [InlineData("line\nbreak", "line_break")]
    [InlineData("gpj.\u202Eexe", "gpj._exe")]
    [InlineData("ends. .", "ends___")]
    [InlineData("CON", "CON_")]
    [InlineData("aux.c", "aux_.c")]
    [InlineData("CON .txt", "CON _.txt")]
    [InlineData("写真:1", "写真_1")]
    [InlineData(".", "_")]
    [InlineData("", null)]
    [InlineData("a.p2p-part", null)]
    public void What_some_system_does_not_take_is_replaced(string name, string? expected) => Assert.Equal(expected, PortableName.From(name));

    [Fact]
    public void Whatever_is_made_is_taken_everywhere_and_fit_names_stay_as_they_are() =>
        Gen.OneOf(Gen.String, Gen.Char["aé写. :<>|?*\\\0\u202E\u200D\ud83d\udcf7"].Array[0, 300].Select(static letters => new string(letters))).Sample(static name =>
        {
            var made = PortableName.From(name);
            if (SafeName.TryCreate(name, Rules, out _, out _)) Assert.Equal(name, made);
            if (made is not null) Assert.True(SafeName.TryCreate(made, Rules, out _, out _), made);
        }, iter: 20_000);

    [Fact]
    public void Every_hostile_name_becomes_fit_or_is_given_up()
    {
        foreach (var (name, _) in HostileNames.All) Assert.True(PortableName.From(name) is not { } made || SafeName.TryCreate(made, Rules, out _, out _), name);
    }
}
