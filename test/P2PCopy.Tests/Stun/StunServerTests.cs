using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Stun;
using static P2PCopy.Tests.Stun.Wire;

namespace P2PCopy.Tests.Stun;

public sealed class StunServerTests
{
    private static readonly UdpEndpoint Client = Endpoint("192.0.2.7:4300");
    private static readonly UdpEndpoint Primary = Endpoint("198.51.100.1:3478");
    private static readonly UdpEndpoint Other = Endpoint("198.51.100.2:3479");
    private static readonly TransactionId Id = new(1, 2);

    private readonly List<(StunChange Change, StunServerAnswer Answer)> _handedOver = [];

    [Fact]
    public void A_request_is_answered_with_the_address_it_came_from()
    {
        var server = new StunServer(Primary);
        server.Handle(Request(), Client, Start);
        Assert.Equal(Instant.Zero, server.NextTimeout);
        var (bytes, to) = Assert.Single(server.Drain(Start));
        Assert.Equal(Client, to);
        Assert.True(StunMessage.TryRead(bytes, out var answer));
        Assert.Equal(StunMessage.BindingSuccess, answer.Type);
        Assert.Equal(Id, answer.TransactionId);
        Assert.True(answer.TryReadMappedAddress(out var mapped) && mapped == Client);
        Assert.True(answer.TryReadResponseOrigin(out var origin) && origin == Primary);
        Assert.False(answer.TryReadOtherAddress(out _));
    }

    [Fact]
    public void Without_a_second_address_a_change_is_refused_as_unknown()
    {
        var server = new StunServer(Primary);
        server.Handle(Request(StunChange.AddressAndPort), Client, Start);
        Assert.True(StunMessage.TryRead(Assert.Single(server.Drain(Start)).Bytes, out var answer));
        Assert.Equal(420, answer.ErrorCode);
        Assert.True(answer.TryFind(StunAttribute.UnknownAttributes, out var unknown));
        Assert.Equal(new byte[] { 0, 3 }, unknown.ToArray());
    }

    [Fact]
    public void An_answer_goes_to_the_port_that_was_asked_for_and_tells_the_one_that_asked()
    {
        var buffer = new byte[64];
        var writer = new StunWriter(buffer, StunMessage.BindingRequest, Id);
        writer.WriteResponsePort(4301);
        var server = new StunServer(Primary, Other, (_, _) => { });
        server.Handle(buffer.AsSpan(0, writer.Length), Client, Start);
        var (bytes, to) = Assert.Single(server.Drain(Start));
        Assert.Equal(Client.WithPort(4301), to);
        Assert.True(StunMessage.TryRead(bytes, out var answer) && answer.TryReadMappedAddress(out var mapped) && mapped == Client);

        // RFC 5780 wants both of a server or none.
        var small = new StunServer(Primary);
        small.Handle(buffer.AsSpan(0, writer.Length), Client, Start);
        (bytes, to) = Assert.Single(small.Drain(Start));
        Assert.Equal(Client, to);
        Assert.True(StunMessage.TryRead(bytes, out var refusal));
        Assert.Equal(420, refusal.ErrorCode);
    }

    [Fact]
    public void An_unknown_attribute_that_must_be_understood_is_refused()
    {
        var buffer = new byte[64];
        var writer = new StunWriter(buffer, StunMessage.BindingRequest, Id);
        writer.WriteAttribute(0x7ff0, [1, 2, 3, 4]);
        var server = new StunServer(Primary);
        server.Handle(buffer.AsSpan(0, writer.Length), Client, Start);
        Assert.True(StunMessage.TryRead(Assert.Single(server.Drain(Start)).Bytes, out var answer));
        Assert.Equal(420, answer.ErrorCode);
    }

    [Theory]
    [InlineData(StunChange.Port)]
    [InlineData(StunChange.Address)]
    [InlineData(StunChange.AddressAndPort)]
    public void A_change_is_handed_to_the_socket_that_differs_by_it(StunChange change)
    {
        var server = new StunServer(Primary, Other, (c, answer) => _handedOver.Add((c, answer)));
        server.Handle(Request(change), Client, Start);
        Assert.Empty(server.Drain(Start));
        var (handed, owed) = Assert.Single(_handedOver);
        Assert.Equal(change, handed);

        var sibling = new StunServer(Other, Primary, (_, _) => { });
        sibling.Deliver(owed);
        var (bytes, to) = Assert.Single(sibling.Drain(Start));
        Assert.Equal(Client, to);
        Assert.True(StunMessage.TryRead(bytes, out var message));
        Assert.True(message.TryReadResponseOrigin(out var origin) && origin == Other);
    }

    [Fact]
    public void Both_addresses_are_named_when_there_are_two()
    {
        var server = new StunServer(Primary, Other, (_, _) => { });
        server.Handle(Request(), Client, Start);
        Assert.True(StunMessage.TryRead(Assert.Single(server.Drain(Start)).Bytes, out var answer));
        Assert.True(answer.TryReadOtherAddress(out var other) && other == Other);
    }

    [Fact]
    public void A_flood_is_not_stored_without_end()
    {
        var server = new StunServer(Primary);
        for (var i = 0; i < 10_000; i++) server.Handle(Request(), Client, Start);
        Assert.InRange(server.Drain(Start).Count, 1, 256);
    }

    [Fact]
    public void Any_bytes_are_survived_and_answers_are_never_answered()
    {
        var server = new StunServer(Primary);
        Gen.Byte.Array[0, 80].Sample(bytes => server.Handle(bytes, Client, Start), threads: 1);
        server.Handle(Answer(Request(), Client), Client, Start);
        Assert.Empty(server.Drain(Start));
        Assert.False(server.Accepts(Answer(Request(), Client), Client));
        Assert.True(server.Accepts(Request(), Client));
    }

    private static byte[] Request(StunChange change = StunChange.None)
    {
        var buffer = new byte[64];
        var writer = new StunWriter(buffer, StunMessage.BindingRequest, Id);
        if (change != StunChange.None) writer.WriteChangeRequest(change);
        return buffer[..writer.Length];
    }
}
