using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Time;
using P2PCopy.Tests.Stun;
using static P2PCopy.Tests.Stun.Wire;

namespace P2PCopy.Tests.Time;

public sealed class NtpClientTests
{
    private static readonly UdpEndpoint Server = Endpoint("198.51.100.123:123");
    private static readonly DateTimeOffset UtcAtStart = new(2026, 11, 22, 17, 51, 55, TimeSpan.Zero);

    private readonly NtpClient _client = new(Server, RandomBytes(5), Start);
    private readonly NtpServer _ntp = new(instant => UtcAtStart + (instant - Start), stratum: 2);

    [Fact]
    public void A_request_is_48_bytes_that_tell_nothing_but_the_version()
    {
        var (bytes, to) = Assert.Single(_client.Drain(Start));
        Assert.Equal(Server, to);
        Assert.Equal(48, bytes.Length);
        Assert.Equal(0x23, bytes[0]);
        Assert.All(bytes[1..40], b => Assert.Equal(0, b));
        Assert.Contains(bytes[40..], b => b != 0);
    }

    [Fact]
    public void A_silent_server_is_asked_twice_with_two_nonces_and_given_up_after_a_second()
    {
        var sent = new List<(double At, NtpPacket Packet)>();
        for (var now = Start; now != Instant.Never; now = _client.NextTimeout)
        {
            _client.HandleTimeout(now);
            foreach (var (bytes, _) in _client.Drain(now)) sent.Add(((now - Start).TotalMilliseconds, Parse(bytes)));
            if (_client.State != NtpState.Pending) Assert.Equal(Start + NtpClient.Limit, now);
        }

        Assert.Equal([0, 400], sent.Select(s => s.At));
        Assert.NotEqual(sent[0].Packet.Transmit, sent[1].Packet.Transmit);
        Assert.Equal(NtpState.TimedOut, _client.State);
    }

    [Fact]
    public void The_offset_is_right_when_both_ways_take_equally_long()
    {
        Exchange(there: Ms(40), back: Ms(40));
        Assert.Equal(NtpState.Answered, _client.State);
        var time = InternetTime.FromSamples([_client.Sample])!;
        Assert.Equal(0, (time.At(Start) - UtcAtStart).TotalMilliseconds, 0.01);
        Assert.Equal(80, _client.Sample.Delay.TotalMilliseconds, 0.01);
    }

    [Fact]
    public void The_error_stays_within_the_bound_when_one_way_takes_longer()
    {
        Gen.Int[0, 700].Select(Gen.Int[0, 700]).Sample((there, back) =>
        {
            var test = new NtpClientTests();
            test.Exchange(Ms(there), Ms(back));
            var error = InternetTime.FromSamples([test._client.Sample])!.At(Start) - UtcAtStart;
            Assert.True(error.Duration() <= test._client.Sample.ErrorBound + Ms(0.01), $"{error} is beyond {test._client.Sample.ErrorBound}");
        });
    }

    [Fact]
    public void An_answer_to_the_second_request_is_measured_against_the_second()
    {
        _client.Drain(Start);
        var later = Start + Ms(400);
        var request = Assert.Single(_client.Drain(later)).Bytes;
        _ntp.Handle(request, Endpoint("192.0.2.7:5000"), later + Ms(10));
        _client.Handle(Assert.Single(_ntp.Drain(later + Ms(10))).Bytes, Server, later + Ms(20));
        Assert.Equal(20, _client.Sample.Delay.TotalMilliseconds, 0.01);
    }

    public static TheoryData<string, Func<NtpPacket, NtpPacket>> Lies => new()
    {
        { "origin is not ours", p => p with { Origin = new(p.Origin.Bits ^ 1) } },
        { "origin is zero", p => p with { Origin = default } },
        { "mode of a broadcast", p => p with { Mode = 5 } },
        { "mode of a client", p => p with { Mode = 3 } },
        { "version 2", p => p with { Version = 2 } },
        { "version 5", p => p with { Version = 5 } },
        { "clock not set", p => p with { LeapIndicator = 3 } },
        { "stratum 16", p => p with { Stratum = 16 } },
        { "no receive time", p => p with { Receive = default } },
        { "no transmit time", p => p with { Transmit = default } },
        { "left before it came", p => p with { Receive = new(p.Transmit.Bits + (1UL << 32)) } },
        { "root dispersion of 1.5 s", p => p with { RootDispersion = 3 << 15 } },
        { "root delay of 3 s", p => p with { RootDelay = 3 << 16 } },
        { "held longer than the whole round trip", p => p with { Transmit = new(p.Transmit.Bits + (1UL << 32)) } },
    };

    [Theory]
    [MemberData(nameof(Lies), DisableDiscoveryEnumeration = true)]
    public void A_bad_answer_changes_nothing(string why, Func<NtpPacket, NtpPacket> spoil)
    {
        var request = Assert.Single(_client.Drain(Start)).Bytes;
        _ntp.Handle(request, Endpoint("192.0.2.7:5000"), Start + Ms(10));
        var answer = Parse(Assert.Single(_ntp.Drain(Start + Ms(10))).Bytes);
        _client.Handle(Bytes(spoil(answer)), Server, Start + Ms(20));
        Assert.True(_client.State == NtpState.Pending, why);
        Assert.Equal(1, _client.RejectedAnswers);
        _client.Handle(Bytes(answer), Server, Start + Ms(20));
        Assert.Equal(NtpState.Answered, _client.State);
    }

    [Fact]
    public void An_answer_from_elsewhere_changes_nothing()
    {
        var request = Assert.Single(_client.Drain(Start)).Bytes;
        _ntp.Handle(request, Endpoint("192.0.2.7:5000"), Start);
        var answer = Assert.Single(_ntp.Drain(Start)).Bytes;
        _client.Handle(answer, Server.WithPort(124), Start);
        Assert.Equal(NtpState.Pending, _client.State);
        Assert.False(_client.Accepts(answer, Server.WithPort(124)));
    }

    [Fact]
    public void A_round_trip_of_more_than_a_second_and_a_half_is_of_no_use()
    {
        var request = Assert.Single(_client.Drain(Start)).Bytes;
        _ntp.Handle(request, Endpoint("192.0.2.7:5000"), Start + Ms(10));
        _client.Handle(Assert.Single(_ntp.Drain(Start + Ms(10))).Bytes, Server, Start + Ms(1511));
        Assert.Equal(NtpState.Pending, _client.State);
    }

    [Theory]
    [InlineData("DENY")]
    [InlineData("RSTR")]
    [InlineData("RATE")]
    public void A_kiss_ends_the_question_for_good(string code)
    {
        var request = Parse(Assert.Single(_client.Drain(Start)).Bytes);
        var kiss = new NtpPacket
        {
            Version = 4,
            Mode = NtpPacket.ServerMode,
            LeapIndicator = 3,
            ReferenceId = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(System.Text.Encoding.ASCII.GetBytes(code)),
            Origin = request.Transmit,
        };
        _client.Handle(Bytes(kiss with { Origin = new(1) }), Server, Start);
        Assert.Equal(NtpState.Pending, _client.State);
        _client.Handle(Bytes(kiss), Server, Start);
        Assert.Equal(NtpState.Refused, _client.State);
        Assert.Equal(Instant.Never, _client.NextTimeout);
    }

    [Fact]
    public void Any_bytes_are_survived_by_both_ends()
    {
        Assert.Single(_client.Drain(Start));
        Gen.Byte.Array[0, 100].Sample(bytes =>
        {
            _client.Handle(bytes, Server, Start);
            _ntp.Handle(bytes, Server, Start);
            _ntp.Drain(Start);
        }, threads: 1);
        Assert.Equal(NtpState.Pending, _client.State);
    }

    private void Exchange(TimeSpan there, TimeSpan back)
    {
        var request = Assert.Single(_client.Drain(Start)).Bytes;
        _ntp.Handle(request, Endpoint("192.0.2.7:5000"), Start + there);
        var answer = Assert.Single(_ntp.Drain(Start + there)).Bytes;
        _client.Handle(answer, Server, Start + there + back);
    }

    private static NtpPacket Parse(byte[] bytes) => NtpPacket.TryRead(bytes, out var packet) ? packet : throw new ArgumentException("no packet");

    private static byte[] Bytes(NtpPacket packet)
    {
        var bytes = new byte[NtpPacket.Bytes];
        packet.Write(bytes);
        return bytes;
    }
}
