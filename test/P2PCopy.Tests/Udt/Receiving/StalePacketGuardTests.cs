using P2PCopy.Tests.Vectors;
using P2PCopy.Udt.Receiving;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Receiving;

public sealed class StalePacketGuardTests
{
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

        Assert.True(guard.Accept(words[0]));
        Assert.True(guard.Accept(words[1]));
        Assert.False(guard.Accept(words[2]));
        Assert.True(guard.Accept(words[1]), "the slot is filled by the time of the resend");
        Assert.True(guard.Accept(words[3]));
        Assert.True(guard.Accept(words[4]));
        Assert.Equal(1, guard.Refused);
    }

    [Fact]
    public void A_peer_that_numbers_in_another_way_is_believed_after_its_third_resend()
    {
        var guard = new StalePacketGuard();
        var odd = new MessageWord(9, true, true);
        Assert.True(guard.Accept(new MessageWord(1, true, true)));
        Assert.False(guard.Accept(odd));
        Assert.False(guard.Accept(odd));
        Assert.False(guard.Accept(odd));
        Assert.True(guard.Accept(odd));
        Assert.True(guard.Accept(new MessageWord(10, true, true)), "from there it goes on");
        Assert.Equal(3, guard.Refused);
    }

    [Fact]
    public void The_first_packet_may_have_any_number() => Assert.True(new StalePacketGuard().Accept(new MessageWord(0, false, false)));
}
