using System.Text;
using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping.Upnp;
using P2PCopy.NatTraversal.PortMapping.Wire;

namespace P2PCopy.Tests.PortMapping;

/// <summary>What was written to or by a router reads back and writes the same bytes; no bytes of a router make a reader throw.</summary>
public sealed class MappingWireTests
{
    private static readonly Gen<UdpEndpoint> Endpoints = Gen.OneOf(
        Gen.Select(Gen.UInt, Gen.UShort, UdpEndpoint.FromIPv4),
        Gen.Select(Gen.ULong, Gen.ULong, Gen.UShort, (high, low, port) => UdpEndpoint.FromIPv6(high, low, port)));

    private static readonly Gen<byte[]> Nonces = Gen.Byte.Array[PcpRequest.NonceLength];
    private static readonly Gen<string> Words = Gen.Char[' ', '~'].Array[1, 80].Select(letters => new string(letters).Trim()).Where(text => text.Length > 0);

    [Fact]
    public void A_request_of_PCP_reads_back() => Gen.Select(Endpoints, Endpoints, Nonces, Gen.UInt).Sample((inside, suggested, nonce, lifetime) =>
    {
        Span<byte> bytes = stackalloc byte[PcpRequest.Length];
        bytes = bytes[..new PcpRequest { Inside = inside, Suggested = suggested, Nonce = nonce, Lifetime = lifetime }.Write(bytes)];
        Assert.True(PcpRequest.TryRead(bytes, out var read));
        Assert.Equal((lifetime, inside, suggested, Convert.ToHexString(nonce)), (read.Lifetime, read.Inside, read.Suggested, Convert.ToHexString(read.Nonce)));
        AssertEchoes<PcpRequest>(bytes);
    });

    [Fact]
    public void An_answer_of_PCP_reads_back() => Gen.Select(Endpoints, Nonces, Gen.UInt.Array[2], Gen.Byte.Array[2], Gen.UShort).Sample((external, nonce, words, bytes, port) =>
    {
        Span<byte> written = stackalloc byte[PcpRequest.Length];
        written = written[..new PcpAnswer
        {
            Result = (PcpResult)bytes[0],
            Lifetime = words[0],
            Epoch = words[1],
            Nonce = nonce,
            Protocol = bytes[1],
            InsidePort = port,
            External = external,
        }.Write(written)];
        Assert.True(PcpAnswer.TryRead(written, out var read));
        Assert.Equal(((PcpResult)bytes[0], words[0], words[1]), (read.Result, read.Lifetime, read.Epoch));
        Assert.Equal((Convert.ToHexString(nonce), bytes[1], port, external), (Convert.ToHexString(read.Nonce), read.Protocol, read.InsidePort, read.External));
        AssertEchoes<PcpAnswer>(written);
    });

    [Fact]
    public void A_request_of_NAT_PMP_reads_back() => Gen.Select(Gen.UShort, Gen.UShort, Gen.UInt, Gen.Bool).Sample((inside, suggested, lifetime, isMap) =>
    {
        var request = isMap ? new NatPmpRequest { IsMap = true, InsidePort = inside, SuggestedPort = suggested, Lifetime = lifetime } : default;
        Span<byte> bytes = stackalloc byte[NatPmpRequest.MapLength];
        bytes = bytes[..request.Write(bytes)];
        Assert.True(NatPmpRequest.TryRead(bytes, out var read));
        if (isMap) Assert.Equal((inside, suggested, lifetime), (read.InsidePort, read.SuggestedPort, read.Lifetime));
        AssertEchoes<NatPmpRequest>(bytes);
    });

    [Fact]
    public void An_answer_of_NAT_PMP_reads_back() => Gen.Select(Gen.UShort.Array[3], Gen.UInt.Array[3], Gen.Bool).Sample((shorts, words, isMap) =>
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes = bytes[..new NatPmpAnswer
        {
            IsMap = isMap,
            Result = shorts[0],
            InsidePort = shorts[1],
            ExternalPort = shorts[2],
            Epoch = words[0],
            Address = words[1],
            Lifetime = words[2],
        }.Write(bytes)];
        Assert.True(NatPmpAnswer.TryRead(bytes, out var read));
        Assert.Equal((isMap, shorts[0], words[0]), (read.IsMap, read.Result, read.Epoch));
        if (isMap) Assert.Equal((shorts[1], shorts[2], words[2]), (read.InsidePort, read.ExternalPort, read.Lifetime));
        else Assert.Equal(words[1], read.Address);
        AssertEchoes<NatPmpAnswer>(bytes);
    });

    [Fact]
    public void An_answer_to_a_search_reads_back() => Gen.Select(Words, Words).Sample((location, target) =>
    {
        var bytes = new byte[400];
        bytes = bytes[..new SsdpAnswer { Location = Encoding.ASCII.GetBytes(location), SearchTarget = Encoding.ASCII.GetBytes(target) }.Write(bytes)];
        Assert.True(SsdpAnswer.TryRead(bytes, out var read));
        Assert.Equal((location, target), (Encoding.ASCII.GetString(read.Location), Encoding.ASCII.GetString(read.SearchTarget)));
        AssertEchoes<SsdpAnswer>(bytes);
    });

    [Fact]
    public void Random_and_mutated_bytes_never_throw()
    {
        Gen.Byte.Array[0, 130].Sample(bytes => ReadEverything(bytes));
        foreach (var sound in Sound())
        {
            Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Array[1, 6].Sample(mutations =>
            {
                var bytes = sound.ToArray();
                foreach (var (at, value, _) in mutations) bytes[at] = value;
                ReadEverything(bytes.AsSpan(0, mutations[0].Item3));
                ReadEverything(bytes);
            });
        }
    }

    [Theory]
    [InlineData("000000010000012c", true, "NAT-PMP, as RFC 6886 shows it")]
    [InlineData("008000010000012c", true, "NAT-PMP with its answer bit")]
    [InlineData("01810001000000000000012c", true, "PCP's first version")]
    [InlineData("008100000000012c", false, "NAT-PMP's success")]
    [InlineData("00800001", false, "too short")]
    [InlineData("024100010000012c", false, "a request")]
    public void An_answer_that_knows_another_version_only_is_noticed(string hex, bool expected, string why) =>
        Assert.True(expected == PcpAnswer.IsOtherVersion(Convert.FromHexString(hex)), why);

    [Fact]
    public void What_miniupnpd_2_3_1_sends_is_understood()
    {
        // It answers ANNOUNCE too, which nobody asked for.
        Assert.False(PcpAnswer.TryRead(Convert.FromHexString("028000000000000000000004000000000000000000000000"), out _));

        // Without a public address of its own.
        var refused = Convert.FromHexString("028100080000001e00000012000000000000000000000000010101010101010101010101110000003039303900000000000000000000ffff64400102");
        Assert.True(PcpAnswer.TryRead(refused, out var map));
        Assert.Equal((PcpResult.NoResources, 30u, 18u, 12345), (map.Result, map.Lifetime, map.Epoch, map.InsidePort));
        Assert.Equal("100.64.1.2:12345", map.External.ToString());
        Assert.True(NatPmpAnswer.TryRead(Convert.FromHexString("008000030000001200000000"), out var address));
        Assert.Equal((false, (ushort)3, 18u), (address.IsMap, address.Result, address.Epoch));
        Assert.True(NatPmpAnswer.TryRead(Convert.FromHexString("00810003000000123039303900000fa0"), out var mapping));
        Assert.Equal((true, (ushort)3, (ushort)12345), (mapping.IsMap, mapping.Result, mapping.InsidePort));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nLOCATION:http://a/\r\n\r\n", "http://a/")]
    [InlineData("http/1.0 200 OK\nlocation:   http://a/  \n\n", "http://a/")]
    [InlineData("HTTP/1.1 200 OK\r\nST: x\r\nLocation: http://a/", "http://a/")]
    [InlineData("HTTP/1.1 200 OK\r\nLOCATION: http://a/\r\nLOCATION: http://b/\r\n\r\n", "http://a/")]
    [InlineData("HTTP/1.1 404 Not Found\r\nLOCATION: http://a/\r\n\r\n", null)]
    [InlineData("NOTIFY * HTTP/1.1\r\nLOCATION: http://a/\r\n\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nLOCATION: http://a/\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\nLOCATION:\r\n\r\n", null)]
    public void An_answer_to_a_search_counts_when_it_says_where(string text, string? location)
    {
        var read = SsdpAnswer.TryRead(Encoding.ASCII.GetBytes(text), out var answer);
        Assert.Equal(location, read ? Encoding.ASCII.GetString(answer.Location) : null);
    }

    private static byte[][] Sound()
    {
        var inside = UdpEndpoint.FromIPv4(0x0a010002, 4300);
        var buffers = Enumerable.Range(0, 5).Select(_ => new byte[200]).ToArray();
        var nonce = new byte[PcpRequest.NonceLength];
        var lengths = new[]
        {
            new PcpRequest { Inside = inside, Nonce = nonce, Lifetime = 1200, Suggested = inside }.Write(buffers[0]),
            new PcpAnswer { Nonce = nonce, Protocol = PcpRequest.Udp, InsidePort = 4300, External = inside, Lifetime = 1200 }.Write(buffers[1]),
            new NatPmpAnswer { IsMap = true, InsidePort = 4300, ExternalPort = 4300, Lifetime = 1200 }.Write(buffers[2]),
            new NatPmpAnswer { Address = 1 }.Write(buffers[3]),
            new SsdpAnswer { Location = "http://10.1.0.1:5000/root.xml"u8, SearchTarget = "upnp:rootdevice"u8 }.Write(buffers[4]),
        };
        return [.. buffers.Zip(lengths, (buffer, length) => buffer[..length])];
    }

    private static void ReadEverything(ReadOnlySpan<byte> bytes)
    {
        PcpRequest.TryRead(bytes, out _);
        PcpAnswer.TryRead(bytes, out _);
        PcpAnswer.IsOtherVersion(bytes);
        NatPmpRequest.TryRead(bytes, out _);
        NatPmpAnswer.TryRead(bytes, out _);
        SsdpAnswer.TryRead(bytes, out _);
    }

    private static void AssertEchoes<T>(ReadOnlySpan<byte> bytes)
        where T : IWireFormat<T>, allows ref struct
    {
        Assert.True(T.TryRead(bytes, out var read));
        var copy = new byte[bytes.Length];
        Assert.Equal(bytes.Length, read.Write(copy));
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(copy));
    }
}
