using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.Transfer.Connecting;

namespace P2PCopy.Tests.Connecting;

public sealed class PeerAddressTests
{
    private static readonly UdpEndpoint Peer = UdpEndpoint.FromIPv4(0xbc2c8807, 21300);

    [Theory]
    [InlineData("188.44.136.7:21300")]
    [InlineData("  188.44.136.7:21300\t\r\n")]
    [InlineData("\"188.44.136.7:21300\"")]
    [InlineData("'188.44.136.7:21300'.")]
    [InlineData("`188.44.136.7:21300`")]
    [InlineData("<188.44.136.7:21300>")]
    [InlineData("“188.44.136.7:21300”")]
    [InlineData("\u200b188.44.136.7:21300\u00a0")]
    [InlineData("Tell this to your peer: 188.44.136.7:21300")]
    public void An_address_is_found_in_what_surrounds_it(string text)
    {
        Assert.Equal(PeerAddressFault.None, PeerAddress.TryRead(text, [], out var peer));
        Assert.Equal(Peer, peer);
    }

    [Theory]
    [InlineData(null, PeerAddressFault.Empty)]
    [InlineData("", PeerAddressFault.Empty)]
    [InlineData(" <> ", PeerAddressFault.Empty)]
    [InlineData("hello", PeerAddressFault.NotAnAddress)]
    [InlineData("188.44.136.7", PeerAddressFault.NoPort)]
    [InlineData("188.44.136.7:", PeerAddressFault.BadPort)]
    [InlineData("188.44.136.7:0", PeerAddressFault.BadPort)]
    [InlineData("188.44.136.7:65536", PeerAddressFault.BadPort)]
    [InlineData("188.44.136.7:-5", PeerAddressFault.BadPort)]
    [InlineData("188.44.136:21300", PeerAddressFault.NotAnAddress)]
    [InlineData("188.44.136.300:21300", PeerAddressFault.NotAnAddress)]
    [InlineData("peer.example:21300", PeerAddressFault.HostName)]
    [InlineData("[2001:db8::1]:21300", PeerAddressFault.IPv6)]
    [InlineData("0.0.0.0:21300", PeerAddressFault.NotAPeer)]
    [InlineData("224.0.0.1:21300", PeerAddressFault.NotAPeer)]
    [InlineData("255.255.255.255:21300", PeerAddressFault.NotAPeer)]
    [InlineData("188.44.136.7:21300-2mhksr45", PeerAddressFault.Ticket)]
    [InlineData("188.44.136.7:21300 188.44.136.8:21300", PeerAddressFault.NotAnAddress)]
    public void What_is_wrong_is_told_apart(string? text, PeerAddressFault fault)
    {
        Assert.Equal(fault, PeerAddress.TryRead(text, [], out var peer));
        Assert.Equal(default, peer);
    }

    [Fact]
    public void The_line_this_side_printed_is_noticed()
    {
        Assert.Equal(PeerAddressFault.Own, PeerAddress.TryRead("188.44.136.7:21300", [Peer], out _));
        Assert.Equal(PeerAddressFault.None, PeerAddress.TryRead("188.44.136.7:21301", [Peer], out _));
    }

    [Fact]
    public void No_text_throws() =>
        Gen.String.Sample(text => PeerAddress.TryRead(text, [], out var peer) == PeerAddressFault.None || peer == default);
}
