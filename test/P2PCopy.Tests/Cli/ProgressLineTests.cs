using CsCheck;
using P2PCopy.Cli.Terminal;
using P2PCopy.Transfer;

namespace P2PCopy.Tests.Cli;

public sealed class ProgressLineTests
{
    private const long MB = 1 << 20;

    [Fact]
    public void A_wide_terminal_shows_everything() => Assert.Equal(
        @"\[##################------------------] 50 MB / 100 MB. 5 MB/s, RTT 38 ms, 10 s left",
        new ProgressLine().Draw(At(10, 50 * MB), TimeSpan.FromMilliseconds(38), 120));

    [Fact]
    public void Eighty_columns_lose_some_of_the_bar() => Assert.Equal(
        @"\[############-------------] 50 MB / 100 MB. 5 MB/s, RTT 38 ms, 10 s left",
        new ProgressLine().Draw(At(10, 50 * MB), TimeSpan.FromMilliseconds(38), 74));

    [Theory]
    [InlineData(60, @"\[#####------] 50 MB / 100 MB. 5 MB/s, RTT 38 ms, 10 s left")]
    [InlineData(54, @"\[##---] 50 MB / 100 MB. 5 MB/s, RTT 38 ms, 10 s left")]
    [InlineData(48, @"\[#####-----] 50 MB / 100 MB. 5 MB/s, 10 s left")]
    [InlineData(40, @"\[######-------] 50 MB / 100 MB. 5 MB/s")]
    [InlineData(30, "50% 5 MB/s, 10 s left")]
    [InlineData(16, "50% 5 MB/s")]
    [InlineData(5, "50% ")]
    public void A_narrow_terminal_loses_the_least_needed_first(int columns, string expected) =>
        Assert.Equal(expected, new ProgressLine().Draw(At(10, 50 * MB), TimeSpan.FromMilliseconds(38), columns));

    [Theory]
    [InlineData(120, "3 of 1,200: folder/a long name.bin (2 MB / 8 MB)")]
    [InlineData(44, "3 of 1,200: folder/a long name.bin")]
    [InlineData(33, "3 of 1,200: folder/a long…me.bin")]
    [InlineData(30, "3 of 1,200: ")]
    [InlineData(6, "3 of ")]
    public void The_file_that_is_under_way_has_a_line_of_its_own(int columns, string expected) =>
        Assert.Equal(expected, ProgressLine.DrawRunning(
            At(10, 50 * MB) with { Files = 1200, EndedFiles = 2, Running = "folder/a long name.bin", RunningBytes = 2 * MB, RunningSize = 8 * MB }, columns));

    [Fact]
    public void Blocks_that_were_there_count_for_the_amount_and_not_for_the_rate()
    {
        var line = new ProgressLine();
        line.Observe(At(0, 0) with { Travelled = 0 });
        line.Observe(At(1, 2000 * MB) with { Total = 4000 * MB, Travelled = 5 * MB });

        Assert.StartsWith("1.96 GB / 3.91 GB (50%). 5 MB/s, ", line.Log(At(2, 2005 * MB) with { Total = 4000 * MB, Travelled = 10 * MB }), StringComparison.Ordinal);
        Assert.Equal(5.0 * MB, line.BytesPerSecond(At(2, 4000 * MB) with { Total = 4000 * MB, Travelled = 10 * MB, Final = true }), 1);
    }

    [Fact]
    public void While_nothing_but_found_blocks_comes_the_time_left_is_told_from_these()
    {
        var copy = new CopyInTime(10_000 * MB);
        copy.Find(200, 100 * MB);

        Assert.InRange(copy.Left, copy.LeftAt(100 * MB) * 0.99, copy.LeftAt(100 * MB) * 1.01);
    }

    [Fact]
    public void Where_changed_blocks_are_spread_among_found_ones_the_time_left_follows_the_whole()
    {
        // In turns 300 MB that are there, in 1.5 s, and 15 MB that travel in 1.5 s: 105 MB a second.
        var copy = new CopyInTime(20_000 * MB);
        for (var round = 0; round < 20; round++)
        {
            copy.Find(15, 200 * MB);
            Check();
            copy.Travel(15, 10 * MB);
            Check();
        }

        void Check()
        {
            if (copy.Seconds >= 6) Assert.InRange(copy.Left, copy.LeftAt(105 * MB) * 0.7, copy.LeftAt(105 * MB) * 1.4);
        }
    }

    [Fact]
    public void When_the_found_blocks_are_over_the_time_left_follows_within_half_a_minute()
    {
        var copy = new CopyInTime(4000 * MB);
        copy.Find(100, 200 * MB);
        Assert.InRange(copy.Left, 9, 11);
        copy.Travel(300, 10 * MB);

        Assert.InRange(copy.Left, copy.LeftAt(10 * MB) * 0.6, copy.LeftAt(10 * MB) * 1.1);
    }

    [Fact]
    public void When_found_blocks_come_after_others_the_time_left_falls_within_seconds()
    {
        var copy = new CopyInTime(8000 * MB);
        copy.Travel(100, 10 * MB);
        Assert.InRange(copy.Left, 789, 791);
        copy.Find(50, 200 * MB);

        Assert.InRange(copy.Left, copy.LeftAt(200 * MB), copy.LeftAt(200 * MB) * 2.5);
    }

    [Fact]
    public void Whole_files_that_are_passed_over_say_nothing_about_how_long_the_rest_takes()
    {
        var copy = new CopyInTime(8000 * MB);
        copy.Skip(5000 * MB);
        copy.Travel(20, 10 * MB);

        Assert.InRange(copy.Left, copy.LeftAt(10 * MB) * 0.99, copy.LeftAt(10 * MB) * 1.01);
    }

    [Fact]
    public void A_stream_has_no_bar_as_nobody_knows_its_end()
    {
        var progress = At(10, 50 * MB) with { IsOpenEnded = true };

        Assert.Equal(@"\ 50 MB. 5 MB/s, RTT 38 ms", new ProgressLine().Draw(progress, TimeSpan.FromMilliseconds(38), 80));
        Assert.Equal(@"\ 50 MB. 5 MB/s", new ProgressLine().Draw(progress, TimeSpan.FromMilliseconds(38), 20));
        Assert.Equal("50 MB. 5 MB/s", new ProgressLine().Log(progress));
    }

    [Fact]
    public void The_line_is_always_narrower_than_the_terminal() => Gen.Select(
            Gen.Long[0, 1L << 60], Gen.Long[0, 1L << 60], Gen.Int[0, 1_000_000_000], Gen.Int[0, 10_000_000], Gen.Bool, Gen.Int[2, 300])
        .Sample((done, total, elapsed, silence, final, columns) =>
        {
            var progress = new CopyProgress(done, total, TimeSpan.FromMilliseconds(elapsed), TimeSpan.FromMilliseconds(silence), final);
            var running = progress with { Files = 1_000_000, EndedFiles = columns, Running = new string('界', columns), RunningSize = total, RunningBytes = done };
            return new ProgressLine().Draw(progress, TimeSpan.FromMilliseconds(silence), columns).Length < columns
                && new ProgressLine().Draw(progress with { IsOpenEnded = true }, TimeSpan.FromMilliseconds(silence), columns).Length < columns
                && ProgressLine.DrawRunning(running, columns).Length < columns;
        });

    [Fact]
    public void The_bar_does_not_jump_when_numbers_get_shorter()
    {
        var line = new ProgressLine();
        var precise = line.Draw(At(10, (50 * MB) + 123_456), null, 60);

        Assert.Equal(precise.IndexOf(']', StringComparison.Ordinal), line.Draw(At(10, 51 * MB), null, 60).IndexOf(']', StringComparison.Ordinal));
    }

    [Fact]
    public void The_spinner_turns()
    {
        var line = new ProgressLine();

        Assert.Equal(@"\|/-\", string.Concat(Enumerable.Range(0, 5).Select(_ => line.Draw(At(10, 50 * MB), null, 80)[0])));
    }

    [Fact]
    public void Silence_is_told_instead_of_a_rate() => Assert.EndsWith(
        "50 MB / 100 MB. waiting for peer 12 s",
        new ProgressLine().Draw(At(20, 50 * MB, silence: 12), TimeSpan.FromMilliseconds(38), 79 + 20).Split(", RTT")[0],
        StringComparison.Ordinal);

    [Fact]
    public void An_empty_file_is_full_at_once() => Assert.StartsWith(
        @"\[####", new ProgressLine().Draw(new CopyProgress(0, 0, TimeSpan.Zero, TimeSpan.Zero, true), null, 80), StringComparison.Ordinal);

    [Fact]
    public void The_last_line_shows_the_mean_of_all()
    {
        var line = new ProgressLine();
        line.Draw(At(1, 90 * MB), null, 120);

        Assert.Contains("100 MB / 100 MB. 20 MB/s", line.Draw(At(5, 100 * MB) with { Final = true }, null, 120), StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_line_has_neither_bar_nor_spinner() => Assert.Equal(
        "50 MB / 100 MB (50%). 5 MB/s, 10 s left", new ProgressLine().Log(At(10, 50 * MB)));

    [Fact]
    public void A_share_is_rounded_down_so_that_100_means_all() => Assert.StartsWith(
        "99% ", new ProgressLine().Draw(At(10, (100 * MB) - 1), null, 16), StringComparison.Ordinal);

    private static CopyProgress At(double seconds, long bytes, double silence = 0) =>
        new(bytes, 100 * MB, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(silence), false);

    /// <summary>A copy in virtual time, looked at ten times a second.</summary>
    private sealed class CopyInTime(long total)
    {
        private readonly ProgressLine _line = new();
        private CopyProgress _now = new CopyProgress(0, total, TimeSpan.Zero, TimeSpan.Zero, false) with { Travelled = 0 };

        public double Seconds => _now.Elapsed.TotalSeconds;

        public double Left => _line.TimeLeft(_now)!.Value.TotalSeconds;

        public double LeftAt(long bytesPerSecond) => (double)(total - _now.Bytes) / bytesPerSecond;

        public void Find(int tenths, long bytesPerSecond) => Go(tenths, bytesPerSecond / 10, 0);

        public void Travel(int tenths, long bytesPerSecond) => Go(tenths, 0, bytesPerSecond / 10);

        public void Skip(long bytes) => _now = _now with { Bytes = _now.Bytes + bytes, Skipped = _now.Skipped + bytes };

        private void Go(int tenths, long found, long travelled)
        {
            for (var tenth = 0; tenth < tenths; tenth++)
            {
                _now = _now with
                {
                    Elapsed = _now.Elapsed + TimeSpan.FromMilliseconds(100),
                    Bytes = _now.Bytes + found + travelled,
                    Travelled = _now.Travelled + travelled,
                };
                _line.Observe(_now);
            }
        }
    }
}
