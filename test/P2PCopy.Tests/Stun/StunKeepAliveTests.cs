using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Stun;
using static P2PCopy.Tests.Stun.Wire;

namespace P2PCopy.Tests.Stun;

public sealed class StunKeepAliveTests
{
    private static readonly UdpEndpoint First = Endpoint("198.51.100.1:3478");
    private static readonly UdpEndpoint Second = Endpoint("198.51.100.2:3478");

    private readonly StunClient _client = new(RandomBytes(3));
    private readonly List<(TimeSpan At, UdpEndpoint To)> _sent = [];
    private readonly List<UdpEndpoint> _changes = [];
    private readonly HashSet<UdpEndpoint> _silent = [];
    private Instant _now = Start;
    private UdpEndpoint _mapped = Endpoint("192.0.2.7:4300");

    public StunKeepAliveTests()
    {
        var first = _client.Ask(First, _now);
        var second = _client.Ask(Second, _now);
        foreach (var (bytes, to) in _client.Drain(_now)) _client.Handle(Answer(bytes, _mapped), to, _now);
        _client.KeepAlive(first, second, _now);
    }

    [Fact]
    public void The_first_server_is_asked_every_ten_to_fourteen_seconds_and_the_second_every_minute()
    {
        RunUntil(TimeSpan.FromMinutes(10));
        var gaps = Gaps(First);
        Assert.InRange(gaps.Min(), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));
        Assert.InRange(gaps.Max(), TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(14));
        Assert.All(Gaps(Second), gap => Assert.Equal(TimeSpan.FromSeconds(60), gap));
        Assert.Empty(_changes);
    }

    [Fact]
    public void A_moved_mapping_is_told_once_and_kept_with_less_rest()
    {
        RunUntil(TimeSpan.FromSeconds(30));
        _mapped = Endpoint("192.0.2.7:5500");
        RunUntil(TimeSpan.FromMinutes(2));
        Assert.Equal([_mapped], _changes);
        Assert.All(Gaps(First).TakeLast(5), gap => Assert.Equal(TimeSpan.FromSeconds(7), gap));
    }

    [Fact]
    public void A_lost_request_is_repeated_once()
    {
        _silent.Add(First);
        RunUntil(TimeSpan.FromSeconds(20));
        var toFirst = _sent.Where(s => s.To == First).Select(s => s.At).ToArray();
        Assert.Equal(TimeSpan.FromSeconds(1), toFirst[1] - toFirst[0]);
        Assert.True(toFirst.Length == 2 || toFirst[2] - toFirst[1] > TimeSpan.FromSeconds(8));
    }

    [Fact]
    public void The_second_server_takes_over_when_the_first_went_away()
    {
        _silent.Add(First);
        RunUntil(TimeSpan.FromMinutes(3));
        _mapped = Endpoint("192.0.2.7:5500");
        RunUntil(TimeSpan.FromMinutes(3.5));
        Assert.Equal([_mapped], _changes);
    }

    [Fact]
    public void After_the_stop_nothing_is_sent()
    {
        RunUntil(TimeSpan.FromSeconds(30));
        _client.StopKeepAlive();
        var before = _sent.Count;
        RunUntil(TimeSpan.FromMinutes(5));
        Assert.Equal(before, _sent.Count);
        Assert.Equal(Instant.Never, _client.NextTimeout);
    }

    private TimeSpan[] Gaps(UdpEndpoint server)
    {
        var times = _sent.Where(s => s.To == server).Select(s => s.At).ToArray();
        return times.Skip(1).Zip(times, (later, earlier) => later - earlier).ToArray();
    }

    private void RunUntil(TimeSpan sinceStart)
    {
        while (_client.NextTimeout <= Start + sinceStart)
        {
            _now = _client.NextTimeout;
            _client.HandleTimeout(_now);
            foreach (var (bytes, to) in _client.Drain(_now))
            {
                _sent.Add((_now - Start, to));
                if (!_silent.Contains(to)) _client.Handle(Answer(bytes, _mapped), to, _now);
            }

            while (_client.TryReadMappedAddressChanged(out var mapped)) _changes.Add(mapped);
        }
    }
}
