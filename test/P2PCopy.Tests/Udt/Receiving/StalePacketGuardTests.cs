using P2PCopy.Datagrams;
using P2PCopy.Tests.Vectors;
using P2PCopy.Udt.Receiving;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Receiving;

public sealed class StalePacketGuardTests
{
    private static readonly Instant Now = new(5_000_000);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void The_damaged_packet_of_a_captured_copy_is_refused_and_its_repaired_resend_taken(int from)
    {
        var guard = new StalePacketGuard();
        var words = VectorFile.Load("udtsharp-stale-packet").Datagrams.Skip(from).Take(5).Select(datagram =>
        {
            Assert.True(DataPacket.TryRead(datagram.Bytes, out var packet));
            return packet.Message;
        }).ToArray();

        Assert.True(guard.Accept(words[0], Now));
        Assert.True(guard.Accept(words[1], Now));
        Assert.False(guard.Accept(words[2], Now));
        Assert.True(guard.Accept(words[1], Now), "the slot is filled by the time of the resend");
        Assert.True(guard.Accept(words[3], Now));
        Assert.True(guard.Accept(words[4], Now));
        Assert.Equal(1, guard.Refused);
    }

    [Fact]
    public void A_peer_that_numbers_in_another_way_is_believed_after_three_resends_and_a_while()
    {
        var guard = new StalePacketGuard();
        var odd = new MessageWord(9, true, true);
        Assert.True(guard.Accept(new MessageWord(1, true, true), Now));
        Assert.False(guard.Accept(odd, Now));
        Assert.False(guard.Accept(odd, Now + TimeSpan.FromMilliseconds(400)));
        Assert.False(guard.Accept(odd, Now + TimeSpan.FromMilliseconds(401)));
        Assert.True(guard.Accept(odd, Now + TimeSpan.FromMilliseconds(402)));
        Assert.True(guard.Accept(new MessageWord(10, true, true), Now), "from there it goes on");
        Assert.Equal(3, guard.Refused);
    }

    [Fact]
    public void Many_quick_resends_do_not_make_a_stale_packet_right()
    {
        var guard = new StalePacketGuard();
        Assert.True(guard.Accept(new MessageWord(9, true, true), Now));
        for (var i = 0; i < 100; i++) Assert.False(guard.Accept(new MessageWord(4, true, true), Now + TimeSpan.FromMilliseconds(i)));
        Assert.True(guard.Accept(new MessageWord(10, true, true), Now + TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public void The_first_packet_may_have_any_number() => Assert.True(new StalePacketGuard().Accept(new MessageWord(0, false, false), Now));
}
