using P2PCopy.Cli.Commands.Measuring;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer.Measuring;

namespace P2PCopy.Tests.Cli.Measuring;

public sealed class FlowTextTests : IDisposable
{
    private readonly FakeTerminal _terminal = new();

    public void Dispose() => _terminal.Dispose();

    [Theory]
    [InlineData(0, "0 kbit/s")]
    [InlineData(115_600, "925 kbit/s")]
    [InlineData(124_990, "1.0 Mbit/s")]
    [InlineData(11_787_500, "94.3 Mbit/s")]
    [InlineData(117_900_000, "943 Mbit/s")]
    [InlineData(1_468_750_000, "11.75 Gbit/s")]
    public void Rates_have_units_and_digits_that_people_read(double bytesPerSecond, string text) => Assert.Equal(text, FlowText.Bits(bytesPerSecond));

    [Fact]
    public void What_lasts_comes_before_what_counts_the_start()
    {
        var flow = new MeasuredFlow
        {
            Bytes = 67_000_000,
            Time = TimeSpan.FromSeconds(6),
            LaterBytesPerSecond = 11_790_000,
            RoundTrip = TimeSpan.FromMilliseconds(52.4),
            LeastRoundTrip = TimeSpan.FromMilliseconds(9.87),
            SentAgain = 0.0098,
        };
        Assert.Equal("94.3 Mbit/s (11.24 MB/s) after the first 2 s, 89.3 Mbit/s with them", FlowText.Of(flow));
        Assert.Equal("63.9 MB in 6.0 s; round trip 52 ms meanwhile, 9.9 ms at best; 0.98 % sent again", FlowText.Detail(flow));
    }

    [Fact]
    public void A_short_flow_has_one_rate()
    {
        var flow = new MeasuredFlow { Bytes = 1_000_000, Time = TimeSpan.FromSeconds(1) };
        Assert.Equal("8.0 Mbit/s (976.56 KB/s)", FlowText.Of(flow));
        Assert.Equal("976.56 KB in 1.0 s; 0 % sent again", FlowText.Detail(flow));
    }

    [Fact]
    public void The_line_that_is_redrawn_fits_the_terminal()
    {
        _terminal.Width = 20;
        var surroundings = _terminal.Surroundings(true);
        var display = new MeasureDisplay(new Screen(surroundings, Verbosity.Normal), surroundings);
        display.Show(new MeasureProgress(true, 5_000_000, TimeSpan.FromSeconds(3.4), TimeSpan.FromSeconds(10)));
        Assert.Equal("\rTo your peer: 11.8 ", _terminal.Output[..20]);
        Assert.Equal(20, _terminal.Output.Length);
    }

    [Fact]
    public void Nothing_is_redrawn_where_nobody_looks()
    {
        var surroundings = _terminal.Surroundings(false);
        var display = new MeasureDisplay(new Screen(surroundings, Verbosity.Normal), surroundings);
        display.Show(new MeasureProgress(true, 5_000_000, TimeSpan.FromSeconds(3.4), TimeSpan.FromSeconds(10)));
        Assert.Empty(_terminal.Output + _terminal.Error);
    }
}
