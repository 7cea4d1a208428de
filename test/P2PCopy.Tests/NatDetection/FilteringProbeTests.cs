using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.NatDetection;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;
using static P2PCopy.Tests.Stun.Wire;

namespace P2PCopy.Tests.NatDetection;

/// <summary>The filtering tests by hand: what a server may answer, and what may be concluded from it.</summary>
public sealed class FilteringProbeTests
{
    private static readonly UdpEndpoint Server = Endpoint("198.51.100.1:3478");
    private static readonly UdpEndpoint Other = Endpoint("198.51.100.2:3479");
    private static readonly UdpEndpoint OtherPort = Endpoint("198.51.100.1:3479");
    private static readonly UdpEndpoint Mapped = Endpoint("192.0.2.7:5000");
    private static readonly StunTester Tester = new(Server, Other, TimeSpan.FromMilliseconds(300));

    private readonly FilteringProbe _probe = new(RandomBytes(9));
    private Instant _now = Start;

    [Fact]
    public void The_other_address_gets_nothing_before_the_verdict_on_the_filter()
    {
        BeginChangeTests(out _, out _);
        var sent = new List<UdpEndpoint>();
        while (_probe.Findings.Filtering == FilteringBehavior.Unknown) sent.AddRange(RunToNextTimeout().Select(s => s.To));
        Assert.All(sent.SkipLast(1), to => Assert.Equal(Server, to));
    }

    [Fact]
    public void Silence_counts_after_300_ms_and_one_resend_of_each()
    {
        BeginChangeTests(out _, out _);
        var begun = _now;
        var sent = 0;
        while (_probe.Findings.Filtering == FilteringBehavior.Unknown) sent += RunToNextTimeout().Count(s => s.To == Server);
        Assert.Equal(2, sent);
        Assert.Equal(FilteringBehavior.AddressAndPortDependent, _probe.Findings.Filtering);
        Assert.Equal(Ms(300), _now - begun);
    }

    [Fact]
    public void Slow_servers_get_three_round_trips()
    {
        BeginChangeTests(out _, out _, roundTrip: 150);
        var begun = _now;
        while (_probe.Findings.Filtering == FilteringBehavior.Unknown) RunToNextTimeout();
        Assert.Equal(Ms(450), _now - begun);
    }

    [Fact]
    public void An_answer_from_the_other_address_and_port_proves_that_anybody_gets_in()
    {
        BeginChangeTests(out var second, out _);
        _probe.Handle(Answer(second, Mapped), Other, _now);
        Assert.True(_probe.IsDone);
        Assert.Equal(new FilteringFindings(FilteringBehavior.EndpointIndependent, EarlyPacketEffect.None, Other) { Tester = Tester }, _probe.Findings);
    }

    [Fact]
    public void An_answer_from_the_other_port_proves_that_the_address_is_let_in()
    {
        BeginChangeTests(out _, out var third);
        _probe.Handle(Answer(third, Mapped), OtherPort, _now);
        while (_probe.Findings.Filtering == FilteringBehavior.Unknown) RunToNextTimeout();
        Assert.Equal(FilteringBehavior.AddressDependent, _probe.Findings.Filtering);
    }

    [Theory]
    [InlineData("198.51.100.1:3478", "the server ignored what was asked")]
    [InlineData("198.51.100.2:3478", "only the address changed")]
    [InlineData("198.51.100.1:3479", "only the port changed")]
    [InlineData("203.0.113.9:3479", "an address that was never named")]
    public void An_answer_from_elsewhere_leaves_the_filter_unknown(string from, string why)
    {
        BeginChangeTests(out var second, out _);
        _probe.Handle(Answer(second, Mapped), Endpoint(from), _now);
        RunToEnd();
        Assert.True(_probe.Findings == FilteringFindings.None, why);
    }

    [Fact]
    public void A_third_answer_from_the_first_port_leaves_the_filter_unknown()
    {
        BeginChangeTests(out _, out var third);
        _probe.Handle(Answer(third, Mapped), Server, _now);
        RunToEnd();
        Assert.Equal(FilteringFindings.None, _probe.Findings);
    }

    [Fact]
    public void Error_420_leaves_the_filter_unknown()
    {
        BeginChangeTests(out var second, out _);
        var buffer = new byte[64];
        var writer = new StunWriter(buffer, StunMessage.BindingError, IdOf(second));
        writer.WriteErrorCode(420, "Unknown Attribute");
        _probe.Handle(buffer.AsSpan(0, writer.Length), Server, _now);
        RunToEnd();
        Assert.Equal(FilteringFindings.None, _probe.Findings);
    }

    [Theory]
    [InlineData("198.51.100.1:3479", "its own address")]
    [InlineData("198.51.100.2:3478", "its own port")]
    [InlineData("198.51.100.1:3478", "itself")]
    [InlineData("127.0.0.1:3479", "loopback")]
    [InlineData("[2001:db8::1]:3479", "another family")]
    [InlineData(null, "nothing")]
    public void A_server_that_names_no_true_other_address_is_of_no_use(string? other, string why)
    {
        _probe.AddServer(Server, _now);
        _probe.Complete(_now);
        var request = Assert.Single(_probe.Drain(_now)).Bytes;
        _probe.Handle(Answer(request, Mapped, other is null ? null : Endpoint(other)), Server, _now);
        Assert.True(_probe.IsDone, why);
        Assert.Equal(FilteringFindings.None, _probe.Findings);
        Assert.Empty(_probe.Drain(_now));
    }

    [Theory]
    [InlineData("192.0.2.7:5000", EarlyPacketEffect.None)]
    [InlineData("192.0.2.7:38560", EarlyPacketEffect.SpoilsMapping)]
    public void A_mapping_that_moved_towards_whoever_was_early_is_spoilt(string mappedTowardsOther, EarlyPacketEffect expected)
    {
        BeginChangeTests(out _, out _);
        var question = RunToQuestion();
        _probe.Handle(Answer(question, Endpoint(mappedTowardsOther)), Other, _now);
        Assert.True(_probe.IsDone);
        Assert.Equal(new FilteringFindings(FilteringBehavior.AddressAndPortDependent, expected, null) { Tester = Tester }, _probe.Findings);
    }

    [Fact]
    public void Without_an_answer_from_the_other_address_the_effect_is_unknown()
    {
        BeginChangeTests(out _, out _);
        RunToQuestion();
        RunToEnd();
        Assert.Equal(EarlyPacketEffect.Unknown, _probe.Findings.EarlyPackets);
        Assert.Equal(FilteringBehavior.AddressAndPortDependent, _probe.Findings.Filtering);
    }

    [Fact]
    public void Two_servers_are_tested_side_by_side_and_the_next_only_when_these_are_silent()
    {
        for (var i = 1; i <= 4; i++) _probe.AddServer(Endpoint($"198.51.100.{i}:3478"), _now);
        _probe.Complete(_now);
        Assert.Equal(2, _probe.Drain(_now).Count);
        var later = new List<UdpEndpoint>();
        while (_now < Start + Ms(300)) later.AddRange(RunToNextTimeout().Select(s => s.To));
        Assert.Contains(Endpoint("198.51.100.3:3478"), later);
        Assert.Contains(Endpoint("198.51.100.4:3478"), later);
        RunToEnd();
        Assert.Equal(FilteringFindings.None, _probe.Findings);
    }

    [Fact]
    public void A_server_named_late_is_still_tested()
    {
        _probe.AddServer(Server, _now);
        while (_now < Start + Ms(2500)) RunToNextTimeout();
        _probe.AddServer(Endpoint("198.51.100.9:3478"), _now);
        Assert.Equal(Endpoint("198.51.100.9:3478"), Assert.Single(_probe.Drain(_now)).To);
    }

    private void BeginChangeTests(out byte[] second, out byte[] third, double roundTrip = 20)
    {
        _probe.AddServer(Server, _now);
        _probe.Complete(_now);
        var request = Assert.Single(_probe.Drain(_now)).Bytes;
        _now += Ms(roundTrip);
        _probe.Handle(Answer(request, Mapped, Other), Server, _now);
        var tests = _probe.Drain(_now);
        Assert.Equal([Server, Server], tests.Select(test => test.To));
        (second, third) = (tests[0].Bytes, tests[1].Bytes);
        Assert.True(StunMessage.TryRead(second, out var changeBoth) && changeBoth.Change == StunChange.AddressAndPort);
        Assert.True(StunMessage.TryRead(third, out var changePort) && changePort.Change == StunChange.Port);
    }

    private byte[] RunToQuestion()
    {
        while (true)
            foreach (var (bytes, to) in RunToNextTimeout())
                if (to == Other) return bytes;
    }

    private void RunToEnd()
    {
        while (!_probe.IsDone) RunToNextTimeout();
    }

    private List<(byte[] Bytes, UdpEndpoint To)> RunToNextTimeout()
    {
        Assert.NotEqual(Instant.Never, _probe.NextTimeout);
        _now = _probe.NextTimeout;
        _probe.HandleTimeout(_now);
        return _probe.Drain(_now);
    }
}
