using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.Tests.Stun;

/// <summary>The test vectors of RFC 5769. The reader does not check integrity, so it only has to walk over those attributes.</summary>
public sealed class Rfc5769Tests
{
    private const string Header = "2112a442 b7e7a701bc34d686fa87dfae";

    private const string Request = "00010058" + Header
        + "80220010 5354554e207465737420636c69656e74" + "00240004 6e0001ff" + "80290008 932ff9b151263b36"
        + "00060009 6576746a3a68367659202020" + "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" + "80280004 e57a3bcf";

    private const string IPv4Response = "0101003c" + Header + "8022000b 7465737420766563746f7220" + "00200008 0001a147e112a643"
        + "00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7" + "80280004 c07d4c96";

    private const string IPv6Response = "01010048" + Header + "8022000b 7465737420766563746f7220"
        + "00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9" + "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41"
        + "80280004 c8fb0b4c";

    private static readonly TransactionId Id = new(0xb7e7a701bc34d686, 0xfa87dfae);

    [Fact]
    public void The_request_of_section_2_1_is_walked_to_its_end()
    {
        Assert.True(StunMessage.TryRead(Bytes(Request), out var message));
        Assert.Equal(StunMessage.BindingRequest, message.Type);
        Assert.Equal(Id, message.TransactionId);
        Assert.True(message.TryFind(StunAttribute.Username, out var name));
        Assert.Equal("evtj:h6vY"u8, name);
        Assert.True(message.TryFind(StunAttribute.Fingerprint, out var fingerprint));
        Assert.Equal(Bytes("e57a3bcf"), fingerprint);
        Assert.True(message.HasUnknownRequiredAttribute, "PRIORITY (0x0024) belongs to ICE and is not known here");
    }

    [Fact]
    public void The_IPv4_response_of_section_2_2_tells_its_mapped_address()
    {
        Assert.True(StunMessage.TryRead(Bytes(IPv4Response), out var message));
        Assert.Equal(StunMessage.BindingSuccess, message.Type);
        Assert.False(message.HasUnknownRequiredAttribute);
        Assert.True(message.TryReadMappedAddress(out var mapped));
        Assert.Equal("192.0.2.1:32853", mapped.ToString());
    }

    [Fact]
    public void The_IPv6_response_of_section_2_3_tells_its_mapped_address()
    {
        Assert.True(StunMessage.TryRead(Bytes(IPv6Response), out var message));
        Assert.True(message.TryReadMappedAddress(out var mapped));
        Assert.Equal("[2001:db8:1234:5678:11:2233:4455:6677]:32853", mapped.ToString());
    }

    [Theory]
    [InlineData("192.0.2.1:32853", "0001a147e112a643")]
    [InlineData("[2001:db8:1234:5678:11:2233:4455:6677]:32853", "0002a1470113a9faa5d3f179bc25f4b5bed2b9d9")]
    public void The_writer_hides_addresses_as_the_vectors_do(string endpoint, string value)
    {
        Assert.True(UdpEndpoint.TryParse(endpoint, out var mapped));
        Span<byte> buffer = stackalloc byte[64];
        var writer = new StunWriter(buffer, StunMessage.BindingSuccess, Id);
        writer.WriteXorMappedAddress(mapped);
        Assert.True(StunMessage.TryRead(buffer[..writer.Length], out var message));
        Assert.True(message.TryFind(StunAttribute.XorMappedAddress, out var written));
        Assert.Equal(Bytes(value), written);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
