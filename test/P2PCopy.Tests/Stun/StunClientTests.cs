using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Stun;
using static P2PCopy.Tests.Stun.Wire;

namespace P2PCopy.Tests.Stun;

public sealed class StunClientTests
{
    private static readonly UdpEndpoint Server = Endpoint("198.51.100.1:3478");
    private static readonly UdpEndpoint Mapped = Endpoint("192.0.2.7:4300");

    private readonly StunClient _client = new(RandomBytes(1));

    [Fact]
    public void A_silent_server_gets_three_copies_of_one_request_and_no_more()
    {
        var binding = _client.Ask(Server, Start);
        var sent = new List<(double At, TransactionId Id)>();
        for (var now = Start; now < Start + TimeSpan.FromMinutes(1); now = _client.NextTimeout)
        {
            _client.HandleTimeout(now);
            foreach (var (bytes, _) in _client.Drain(now)) sent.Add(((now - Start).TotalMilliseconds, IdOf(bytes)));
        }

        Assert.Equal([0, 200, 500], sent.Select(s => s.At));
        Assert.Single(sent.Select(s => s.Id).Distinct());
        Assert.Equal(StunBindingState.TimedOut, binding.State);
        Assert.Equal(3, binding.RequestsSent);
    }

    [Fact]
    public void Servers_get_ids_of_their_own()
    {
        _client.Ask(Server, Start);
        _client.Ask(Endpoint("198.51.100.2:3478"), Start);
        Assert.Equal(2, _client.Drain(Start).Select(s => IdOf(s.Bytes)).Distinct().Count());
    }

    [Fact]
    public void An_answer_tells_address_and_round_trip_and_ends_the_resends()
    {
        var binding = Ask(out var request);
        _client.Handle(Answer(request, Mapped, Endpoint("198.51.100.9:3479")), Server, Start + Ms(31));
        Assert.Equal(StunBindingState.Answered, binding.State);
        Assert.Equal(Mapped, binding.MappedEndpoint);
        Assert.Equal(Endpoint("198.51.100.9:3479"), binding.OtherEndpoint);
        Assert.Equal(Ms(31), binding.RoundTrip);
        Assert.Equal(Instant.Never, _client.NextTimeout);
    }

    [Fact]
    public void An_answer_counts_once()
    {
        var binding = Ask(out var request);
        _client.Handle(Answer(request, Mapped), Server, Start);
        _client.Handle(Answer(request, Endpoint("192.0.2.66:6666")), Server, Start);
        Assert.Equal(Mapped, binding.MappedEndpoint);
        Assert.Equal(1, _client.RejectedAnswers);
    }

    [Theory]
    [InlineData("198.51.100.1:3479", "another port")]
    [InlineData("198.51.100.2:3478", "another address")]
    public void An_answer_from_elsewhere_changes_nothing(string from, string why)
    {
        var binding = Ask(out var request);
        _client.Handle(Answer(request, Mapped), Endpoint(from), Start);
        Assert.True(binding.State == StunBindingState.Pending, why);
    }

    [Theory]
    [InlineData(8, "another transaction id")]
    [InlineData(19, "another transaction id")]
    [InlineData(4, "no magic cookie")]
    [InlineData(3, "a false length")]
    [InlineData(0, "another type")]
    [InlineData(1, "another type")]
    public void A_broken_answer_changes_nothing(int at, string why)
    {
        var binding = Ask(out var request);
        var answer = Answer(request, Mapped);
        answer[at] ^= 0x02;
        _client.Handle(answer, Server, Start);
        Assert.True(binding.State == StunBindingState.Pending, why);
        Assert.Equal(1, _client.RejectedAnswers);
    }

    [Fact]
    public void An_unknown_attribute_that_must_be_understood_spoils_the_answer()
    {
        var binding = Ask(out var request);
        var buffer = new byte[64];
        var writer = new StunWriter(buffer, StunMessage.BindingSuccess, IdOf(request));
        writer.WriteXorMappedAddress(Mapped);
        writer.WriteAttribute(0x7ff0, [1, 2, 3, 4]);
        _client.Handle(buffer.AsSpan(0, writer.Length), Server, Start);
        Assert.Equal(StunBindingState.Pending, binding.State);
    }

    [Theory]
    [InlineData("0.1.2.3:4300")]
    [InlineData("127.0.0.1:4300")]
    [InlineData("224.0.0.1:4300")]
    [InlineData("239.255.255.250:4300")]
    [InlineData("255.255.255.255:4300")]
    [InlineData("[2001:db8::7]:4300")]
    public void An_address_that_cannot_be_ours_is_not_believed(string mapped)
    {
        var binding = Ask(out var request);
        _client.Handle(Answer(request, Endpoint(mapped)), Server, Start);
        Assert.Equal(StunBindingState.Pending, binding.State);
    }

    [Theory]
    [InlineData("[::]:4300")]
    [InlineData("[::1]:4300")]
    [InlineData("[ff02::1]:4300")]
    public void An_IPv6_address_that_cannot_be_ours_is_not_believed(string mapped)
    {
        var server = Endpoint("[2001:db8::53]:3478");
        var binding = _client.Ask(server, Start);
        _client.Handle(Answer(_client.Drain(Start)[0].Bytes, Endpoint(mapped)), server, Start);
        Assert.Equal(StunBindingState.Pending, binding.State);
    }

    [Fact]
    public void Port_zero_is_not_believed()
    {
        var binding = Ask(out var request);
        _client.Handle(Answer(request, Mapped.WithPort(0)), Server, Start);
        Assert.Equal(StunBindingState.Pending, binding.State);
    }

    [Fact]
    public void Loopback_is_believed_from_a_server_on_loopback()
    {
        var server = Endpoint("127.0.0.1:3478");
        var binding = _client.Ask(server, Start);
        _client.Handle(Answer(_client.Drain(Start)[0].Bytes, Endpoint("127.0.0.1:4300")), server, Start);
        Assert.Equal(StunBindingState.Answered, binding.State);
    }

    [Fact]
    public void An_error_answer_ends_the_transaction()
    {
        var binding = Ask(out var request);
        var buffer = new byte[64];
        var writer = new StunWriter(buffer, StunMessage.BindingError, IdOf(request));
        writer.WriteErrorCode(500, "no");
        _client.Handle(buffer.AsSpan(0, writer.Length), Server, Start);
        Assert.Equal(StunBindingState.Refused, binding.State);
    }

    [Fact]
    public void Only_what_can_be_an_answer_is_claimed()
    {
        var stranger = Endpoint("203.0.113.5:4300");
        _ = Ask(out var request);
        var answer = Answer(request, Mapped);
        Assert.True(_client.Accepts(answer, Server), "an answer");
        Assert.True(_client.Accepts(answer, stranger), "a pending id, wherever it comes from");
        _client.Handle(answer, Server, Start);
        Assert.True(_client.Accepts(answer, stranger), "an id that was answered lately");

        answer[10] ^= 1;
        Assert.True(_client.Accepts(answer, Server), "a server, whatever the id");
        Assert.False(_client.Accepts(answer, stranger), "a stranger with an unknown id");
        answer[10] ^= 1;
        Assert.False(_client.Accepts(answer.AsSpan(0, 19), Server), "too short");
        answer[4] ^= 1;
        Assert.False(_client.Accepts(answer, Server), "no cookie");
        answer[4] ^= 1;
        answer[0] |= 0x80;
        Assert.False(_client.Accepts(answer, Server), "a UDT control packet");
    }

    private StunBinding Ask(out byte[] request)
    {
        var binding = _client.Ask(Server, Start);
        request = Assert.Single(_client.Drain(Start)).Bytes;
        return binding;
    }
}
