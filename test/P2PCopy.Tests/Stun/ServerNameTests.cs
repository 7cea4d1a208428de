using CsCheck;
using P2PCopy.NatTraversal;

namespace P2PCopy.Tests.Stun;

public sealed class ServerNameTests
{
    [Theory]
    [InlineData("stun.example.org", "stun.example.org:3478")]
    [InlineData("stun.example.org:19302", "stun.example.org:19302")]
    [InlineData("192.0.2.1", "192.0.2.1:3478")]
    [InlineData("192.0.2.1:5", "192.0.2.1:5")]
    [InlineData("2001:db8::1", "[2001:db8::1]:3478")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]:3478")]
    [InlineData("[2001:db8::1]:5", "[2001:db8::1]:5")]
    public void Names_and_addresses_are_read(string text, string expected)
    {
        Assert.True(ServerName.TryParse(text, ServerList.StunPort, out var name));
        Assert.Equal(expected, name.ToString());
        Assert.True(ServerName.TryParse(name.ToString(), 1, out var again));
        Assert.Equal(name, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":3478")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+5")]
    [InlineData("host: 5")]
    [InlineData("stun:host:5")]
    [InlineData("ho st")]
    [InlineData("http://host")]
    [InlineData("-host")]
    [InlineData("[2001:db8::1")]
    [InlineData("[2001:db8::1]5")]
    [InlineData("[host]x")]
    public void Anything_else_is_not(string? text) => Assert.False(ServerName.TryParse(text, ServerList.StunPort, out _));

    [Fact]
    public void Any_text_is_survived() => Gen.String.Sample(text => { _ = ServerName.TryParse(text, 1, out _); });

    [Fact]
    public void A_list_is_built_in_or_empty_or_what_was_named()
    {
        Assert.True(ServerList.TryParse([], 3478, out var servers, out _));
        Assert.Null(servers);
        Assert.True(ServerList.TryParse(["none"], 3478, out servers, out _));
        Assert.Empty(servers!);
        Assert.True(ServerList.TryParse(["a", "b:5"], 3478, out servers, out _));
        Assert.Equal([new("a", 3478), new("b", 5)], servers);
        Assert.False(ServerList.TryParse(["a", "none"], 3478, out _, out var wrong));
        Assert.Equal("none", wrong);
        Assert.False(ServerList.TryParse(["a", "b:x"], 3478, out _, out wrong));
        Assert.Equal("b:x", wrong);
    }
}
