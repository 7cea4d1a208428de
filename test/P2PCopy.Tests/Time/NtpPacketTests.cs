using CsCheck;
using P2PCopy.NatTraversal.Time;

namespace P2PCopy.Tests.Time;

public sealed class NtpPacketTests
{
    [Fact]
    public void Any_48_bytes_are_a_packet_that_writes_itself_back()
    {
        Gen.Byte.Array[48].Sample(bytes =>
        {
            Assert.True(NtpPacket.TryRead(bytes, out var packet));
            var written = new byte[48];
            Assert.Equal(48, packet.Write(written));
            Assert.Equal(bytes, written);
        });
    }

    [Fact]
    public void Fewer_are_none() => Assert.False(NtpPacket.TryRead(new byte[47], out _));

    [Fact]
    public void Extensions_behind_the_packet_do_no_harm() => Assert.True(NtpPacket.TryRead(new byte[68], out _));

    [Fact]
    public void Root_distance_is_half_the_delay_and_the_dispersion()
    {
        var packet = new NtpPacket { RootDelay = 1 << 16, RootDispersion = 1 << 14 };
        Assert.Equal(TimeSpan.FromSeconds(0.75), packet.RootDistance);
    }
}
