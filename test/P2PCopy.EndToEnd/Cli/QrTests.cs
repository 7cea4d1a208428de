using P2PCopy.EndToEnd.Lab;
using P2PCopy.EndToEnd.Processes;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.EndToEnd.Cli;

/// <summary>The ticket as a QR code: another program's reader reads it off the screen.</summary>
public sealed class QrTests : IDisposable
{
    private const int Zoom = 4;
    private const string Characters = " ▀▄█";
    private static readonly char[] Light = ['▀', '█'];

    private readonly string _folder = Directory.CreateTempSubdirectory("p2pcopy-qr").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    public async Task A_reader_reads_the_ticket_off_the_screen(int columns)
    {
        Assert.SkipUnless(ProgramRun.HasTerminals, "needs a pseudo-terminal");
        if (Requirements.MissingForCodeReader is { } missing && !Requirements.MissingIsFailure) Assert.Skip(missing);
        using var receiver = ProgramRun.StartInTerminal(columns, "receiver", "--stun", "none", "--ntp", "none", "--to", _folder, "--qr");
        var ticket = await receiver.AddressAsync();
        await receiver.SeeAsync("Enter the ip:port of your peer");

        // Each line begins with the margin, which is light; before it may stand what the terminal is told.
        var lines = receiver.Output.Split('\n').Where(line => line.IndexOfAny(Light) >= 0)
            .Select(line => string.Concat(line[line.IndexOfAny(Light)..].TakeWhile(character => Characters.Contains(character)))).ToArray();
        Assert.All(lines, line => Assert.InRange(line.Length, 21, columns));
        var picture = Path.Combine(_folder, "code.pbm");
        await File.WriteAllTextAsync(picture, Draw(lines), TestContext.Current.CancellationToken);
        var read = RealProcess.Run("zbarimg", ["-q", "--raw", picture]).Trim();
        Assert.Equal(ticket.ToUpperInvariant(), read);
        Assert.Equal(ticket, TicketReader.Read(read, null, 0).Ticket?.ToString());
    }

    // Each character is two modules, one above the other; in this kind of file 1 is black.
    private static string Draw(string[] lines)
    {
        var rows = lines.SelectMany(line => new[] { line.Select(character => character is ' ' or '▄'), line.Select(character => character is ' ' or '▀') })
            .Select(row => string.Concat(row.SelectMany(isDark => Enumerable.Repeat(isDark ? "1 " : "0 ", Zoom))));
        var text = string.Concat(rows.SelectMany(row => Enumerable.Repeat(row + "\n", Zoom)));
        return $"P1\n{lines[0].Length * Zoom} {lines.Length * 2 * Zoom}\n{text}";
    }
}
