using System.Net;
using CsCheck;
using P2PCopy.Datagrams;

namespace P2PCopy.Tests.Datagrams;

public class UdpEndpointTests
{
    private static readonly Gen<UdpEndpoint> V4 =
        Gen.Select(Gen.UInt, Gen.UShort[1, 65535], (address, port) => UdpEndpoint.FromIPv4(address, port));

    private static readonly Gen<UdpEndpoint> V6 =
        Gen.Select(Gen.ULong, Gen.ULong, Gen.UShort[1, 65535], (high, low, port) => UdpEndpoint.FromIPv6(high, low, port));

    private static readonly Gen<UdpEndpoint> Any = Gen.OneOf(V4, V6);

    [Fact]
    public void What_is_printed_reads_back() => Any.Sample(endpoint =>
    {
        Assert.True(UdpEndpoint.TryParse(endpoint.ToString(), out var parsed), endpoint.ToString());
        Assert.Equal(endpoint, parsed);
    });

    [Fact]
    public void The_framework_prints_the_same() => Any.Sample(endpoint =>
    {
        Assert.Equal(endpoint.ToIPEndPoint().ToString(), endpoint.ToString());
        Assert.Equal(endpoint, UdpEndpoint.From(endpoint.ToIPEndPoint()));
        Assert.Equal(endpoint, UdpEndpoint.From(new IPEndPoint(endpoint.Address.MapToIPv6(), endpoint.Port)));
    });

    [Fact]
    public void Text_never_throws_and_what_is_taken_is_canonical_in_v4() => Gen.String.Sample(text =>
    {
        if (UdpEndpoint.TryParse(text, out var endpoint) && endpoint.IsIPv4) Assert.Contains(endpoint.Address.ToString(), text, StringComparison.Ordinal);
    });

    [Fact]
    public void Text_near_an_endpoint_never_throws() =>
        Gen.Select(Any, Gen.Int[0, 50], Gen.Char["0123456789abcdef:.[]%- x"], Gen.Int[0, 2]).Sample((endpoint, place, letter, remove) =>
        {
            var text = endpoint.ToString();
            place = Math.Min(place, text.Length);
            var mutated = text[..place] + letter + text[Math.Min(text.Length, place + remove)..];
            if (UdpEndpoint.TryParse(mutated, out var parsed)) Assert.NotEqual(0, parsed.Port);
        });

    [Theory]
    [InlineData("1.2.3.4:5", 0x01020304u, 5)]
    [InlineData("255.255.255.255:65535", 0xffffffffu, 65535)]
    [InlineData("[::ffff:1.2.3.4]:5", 0x01020304u, 5)]
    public void Endpoints_of_version_four(string text, uint address, int port)
    {
        Assert.True(UdpEndpoint.TryParse(text, out var endpoint));
        Assert.True(endpoint.IsIPv4);
        Assert.Equal((address, port), (endpoint.IPv4Bits, endpoint.Port));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":5")]
    [InlineData("1.2.3.4")]
    [InlineData("1.2.3.4:")]
    [InlineData("1.2.3.4:0")]
    [InlineData("1.2.3.4:65536")]
    [InlineData("1.2.3.4:+5")]
    [InlineData("1.2.3.4: 5")]
    [InlineData("1.2.3.4:5 ")]
    [InlineData(" 1.2.3.4:5")]
    [InlineData("1.2.3:5")]
    [InlineData("10.1:5")]
    [InlineData("01.2.3.4:5")]
    [InlineData("0x1.2.3.4:5")]
    [InlineData("1.2.3.256:5")]
    [InlineData("[1.2.3.4]:5")]
    [InlineData("::1:5")]
    [InlineData("[::1]")]
    [InlineData("[::1:5")]
    [InlineData("[::g]:5")]
    [InlineData("example.org:5")]
    public void What_is_no_endpoint_is_refused(string? text) => Assert.False(UdpEndpoint.TryParse(text, out _));

    [Fact]
    public void An_address_has_one_representation_only()
    {
        var plain = UdpEndpoint.FromIPv4(0x0a000001, 99);
        var mapped = UdpEndpoint.FromIPv6(0, 0x0000ffff_0a000001, 99, scopeId: 7);
        Assert.Equal(plain, mapped);
        Assert.Equal(plain.GetHashCode(), mapped.GetHashCode());
        Assert.Equal("10.0.0.1:99", mapped.ToString());
    }

    [Fact]
    public void The_same_address_may_have_another_port_but_no_other_scope()
    {
        var one = UdpEndpoint.FromIPv6(0xfe80UL << 48, 1, 10, scopeId: 2);
        Assert.True(one.SameAddress(one.WithPort(11)));
        Assert.NotEqual(one, one.WithPort(11));
        Assert.Equal(one, one.WithPort(11).WithPort(10));
        Assert.False(one.SameAddress(UdpEndpoint.FromIPv6(0xfe80UL << 48, 1, 10, scopeId: 3)));
        Assert.Equal("[fe80::1%2]:10", one.ToString());
    }
}
