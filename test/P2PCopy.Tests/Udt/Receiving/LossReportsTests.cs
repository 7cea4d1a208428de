using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Receiving;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Receiving;

public sealed class LossReportsTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private readonly LossReports _reports = new(1024);
    private readonly RttEstimator _rtt = new();
    private Instant _now = new(1_000_000);

    [Fact]
    public void A_gap_is_reported_at_once_and_whole()
    {
        Assert.Equal(Instant.Never, _reports.NextReport);
        _reports.AddGap(10, 12, _now, _rtt);
        Assert.True(_reports.NextReport <= _now);
        Assert.Equal("10-12", Report());
        Assert.Equal((3, 3L, _now + Interval), (_reports.Count, _reports.Total, _reports.NextReport));
        Assert.Equal("", Report());
    }

    [Fact]
    public void What_stays_missing_is_reported_again_when_an_answer_is_overdue()
    {
        _reports.AddGap(10, 12, _now, _rtt);
        Report();
        _reports.Remove(11);
        _now += Interval;
        Assert.Equal("10 12", Report());
        _reports.Remove(10);
        _reports.Remove(12);
        Assert.Equal(Instant.Never, _reports.NextReport);
    }

    [Fact]
    public void A_new_gap_does_not_repeat_the_others()
    {
        _reports.AddGap(10, 12, _now, _rtt);
        Report();
        _now += TimeSpan.FromMilliseconds(200);
        _reports.AddGap(20, 20, _now, _rtt);
        Assert.Equal("20", Report());
        _now += TimeSpan.FromMilliseconds(100);
        Assert.Equal("10-12", Report());
    }

    [Fact]
    public void What_arrived_before_the_report_left_is_not_in_it()
    {
        _reports.AddGap(10, 13, _now, _rtt);
        _reports.Remove(11);
        Assert.Equal("10 12-13", Report());
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void What_finds_no_room_in_a_report_goes_into_the_next_at_once(int gaps)
    {
        for (var i = 0; i < gaps; i++) _reports.AddGap(2 * i, 2 * i, _now, _rtt);
        Assert.Equal(Math.Min(gaps, 32), ReportAll().Count);
        Assert.True(_reports.NextReport > _now);
        _now += Interval;
        Assert.Equal(gaps, ReportAll().Count);
        Assert.True(_reports.NextReport > _now);
    }

    [Fact]
    public void A_short_path_is_asked_again_soon_but_not_sooner_than_20_milliseconds()
    {
        _rtt.Sample(TimeSpan.FromMilliseconds(1));
        _reports.AddGap(1, 1, _now, _rtt);
        Report();
        Assert.Equal(_now + TimeSpan.FromMilliseconds(20), _reports.NextReport);
    }

    // Small packets: five entries a report.
    private List<string> ReportAll()
    {
        var entries = new List<string>();
        while (_reports.NextReport <= _now) entries.AddRange(Report(room: 20).Split(' '));
        return entries;
    }

    private string Report(int room = 1400)
    {
        var list = new byte[room];
        ReadOnlySpan<byte> rest = list.AsSpan(0, _reports.Write(list, new SequenceNumber(0), _now, _rtt));
        var entries = new List<string>();
        while (NakPacket.TryTake(ref rest, out var first, out var last))
            entries.Add(first == last ? $"{first}" : $"{first}-{last}");
        return string.Join(' ', entries);
    }
}
