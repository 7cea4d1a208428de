using P2PCopy.Cli.Terminal;
using P2PCopy.Cli.Terminal.Qr;
using P2PCopy.Tests.House;

namespace P2PCopy.Tests.Cli;

/// <summary>QR codes of tickets: how much fits, and where. That cameras read them is shown with another program's reader.</summary>
public sealed class QrCodeTests
{
    private static IEnumerable<string> Tickets =>
        Repository.Read("vectors/tickets.txt").Split('\n').Where(line => line.StartsWith("ticket: ", StringComparison.Ordinal)).Select(line => line["ticket: ".Length..].Trim());

    // The standard's table 7, level L.
    [Theory]
    [InlineData('A', 25, 21)]
    [InlineData('A', 26, 25)]
    [InlineData('A', 154, 37)]
    [InlineData('A', 155, 41)]
    [InlineData('A', 195, 41)]
    [InlineData('A', 196, 45)]
    [InlineData('A', 395, 57)]
    [InlineData('A', 396, null)]
    [InlineData('a', 17, 21)]
    [InlineData('a', 106, 37)]
    [InlineData('a', 271, 57)]
    [InlineData('a', 272, null)]
    public void Each_size_holds_as_much_as_the_standard_says(char character, int length, int? size) =>
        Assert.Equal(size, QrCode.Of(new string(character, length))?.Size);

    [Fact]
    public void Every_example_of_a_ticket_fits_a_window_of_80_columns_and_that_of_a_house_one_of_40()
    {
        Assert.NotEmpty(Tickets);
        foreach (var ticket in Tickets)
        {
            var code = QrCode.Of(ticket.ToUpperInvariant())!;
            AssertFits(QrPicture.Draw(code, 80, colour: false)!, 80);
            if (ticket.Length <= 154 && !ticket.StartsWith('[')) AssertFits(QrPicture.Draw(code, 40, colour: false)!, 40);
            Assert.Null(QrPicture.Draw(code, 30, colour: false));
        }
    }

    [Fact]
    public void It_is_shown_at_a_terminal_alone()
    {
        using var terminal = new FakeTerminal { Width = 60 };
        new Screen(terminal.Surroundings(terminal: true), Verbosity.Normal).ShowCode(Tickets.First());
        Assert.Contains("\e[97;40m████", terminal.Output, StringComparison.Ordinal);
        using var narrow = new FakeTerminal { Width = 28 };
        new Screen(narrow.Surroundings(terminal: true), Verbosity.Normal).ShowCode(Tickets.First());
        Assert.Contains("too narrow", narrow.Output, StringComparison.Ordinal);
        using var pipe = new FakeTerminal();
        new Screen(pipe.Surroundings(terminal: false), Verbosity.Normal).ShowCode(Tickets.First());
        Assert.Empty(pipe.Output + pipe.Error);
    }

    private static void AssertFits(IReadOnlyList<string> lines, int columns)
    {
        Assert.All(lines, line => Assert.Equal(lines[0].Length, line.Length));
        Assert.InRange(lines[0].Length, 1, columns);
        Assert.Equal((lines[0].Length + 1) / 2, lines.Count);
    }
}
