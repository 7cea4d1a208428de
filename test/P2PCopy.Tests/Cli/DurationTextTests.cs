using P2PCopy.Cli.Terminal;

namespace P2PCopy.Tests.Cli;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.2, "1 s")]
    [InlineData(59, "59 s")]
    [InlineData(59.5, "1 min")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(3600, "1 h")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(360_000, "4 d 4 h")]
    public void Two_units_are_enough(double seconds, string text) => Assert.Equal(text, DurationText.Rough(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.44, "0.4 s")]
    [InlineData(12, "12.0 s")]
    [InlineData(61, "1 min 1 s")]
    public void What_was_measured_has_a_tenth(double seconds, string text) => Assert.Equal(text, DurationText.Measured(TimeSpan.FromSeconds(seconds)));
}
