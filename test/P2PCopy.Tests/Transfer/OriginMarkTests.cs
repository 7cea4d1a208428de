using System.Globalization;
using P2PCopy.Transfer.IO;

namespace P2PCopy.Tests.Transfer;

/// <summary>The marks themselves; that the systems heed them can be seen only there.</summary>
public sealed class OriginMarkTests
{
    [Fact]
    public void What_Windows_and_macOS_are_told_has_their_form()
    {
        var lines = OriginMark.Zone.Split("\r\n");
        Assert.Equal(["[ZoneTransfer]", "ZoneId=3", ""], lines);

        var time = new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
        var fields = OriginMark.Quarantine(time).Split(';');
        Assert.Equal(4, fields.Length);
        Assert.Equal("0081", fields[0]);
        Assert.Equal(time.ToUnixTimeSeconds(), long.Parse(fields[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(("p2pcopy", ""), (fields[2], fields[3]));
    }
}
