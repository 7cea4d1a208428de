using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.Tests.Stun;

public sealed class StunMessageTests
{
    private static readonly TransactionId Id = new(0x0102030405060708, 0x090a0b0c);

    private static readonly Gen<UdpEndpoint> Endpoints = Gen.OneOf(
        Gen.Select(Gen.UInt, Gen.UShort, UdpEndpoint.FromIPv4),
        Gen.Select(Gen.ULong, Gen.ULong, Gen.UShort, (high, low, port) => UdpEndpoint.FromIPv6(high, low, port)));

    [Fact]
    public void What_is_written_reads_back()
    {
        Gen.Select(Endpoints, Endpoints, Endpoints, Gen.ULong, Gen.UInt).Sample((mapped, origin, other, high, low) =>
        {
            Span<byte> buffer = stackalloc byte[256];
            var writer = new StunWriter(buffer, StunMessage.BindingSuccess, new TransactionId(high, low));
            writer.WriteXorMappedAddress(mapped);
            writer.WriteAddress(StunAttribute.ResponseOrigin, origin);
            writer.WriteAddress(StunAttribute.OtherAddress, other);
            Assert.True(StunMessage.TryRead(buffer[..writer.Length], out var message));
            Assert.Equal(new TransactionId(high, low), message.TransactionId);
            Assert.True(message.TryReadMappedAddress(out var mappedRead) && mappedRead == mapped);
            Assert.True(message.TryReadResponseOrigin(out var originRead) && originRead == origin);
            Assert.True(message.TryReadOtherAddress(out var otherRead) && otherRead == other);
            Span<byte> copy = stackalloc byte[256];
            Assert.Equal(buffer[..writer.Length], copy[..message.Write(copy)]);
        });
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        Gen.Byte.Array[0, 120].Sample(bytes => ReadEverything(bytes));
    }

    [Fact]
    public void Mutated_messages_never_throw()
    {
        var sound = Sound();
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, sound.Length]).Array[1, 6].Sample(mutations =>
        {
            var bytes = sound.ToArray();
            foreach (var (at, value, _) in mutations) bytes[at] = value;
            ReadEverything(bytes.AsSpan(0, mutations[0].Item3));
            ReadEverything(bytes);
        });
    }

    [Theory]
    [InlineData(0, 0x40, "top bits")]
    [InlineData(0, 0x80, "top bits")]
    [InlineData(4, 0x20, "magic cookie")]
    [InlineData(3, 0x04, "length field below the datagram's")]
    [InlineData(3, 0xf0, "length field above the datagram's")]
    [InlineData(23, 0x40, "attribute leaves the message")]
    public void A_broken_frame_is_no_message(int at, byte value, string why)
    {
        var bytes = Sound();
        bytes[at] = value;
        Assert.False(StunMessage.TryRead(bytes, out _), why);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    public void Fewer_than_twenty_bytes_are_no_message(int length) => Assert.False(StunMessage.TryRead(Sound().AsSpan(0, length), out _));

    [Fact]
    public void A_length_that_is_no_multiple_of_four_is_no_message()
    {
        var bytes = Sound().Append((byte)0).ToArray();
        bytes[3]++;
        Assert.False(StunMessage.TryRead(bytes, out _));
    }

    [Fact]
    public void The_hidden_address_comes_before_the_plain_one()
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessage.BindingSuccess, Id);
        writer.WriteAddress(StunAttribute.MappedAddress, Wire.Endpoint("10.0.0.2:1"));
        writer.WriteXorMappedAddress(Wire.Endpoint("192.0.2.7:4300"));
        Assert.True(StunMessage.TryRead(buffer[..writer.Length], out var message));
        Assert.True(message.TryReadMappedAddress(out var mapped));
        Assert.Equal("192.0.2.7:4300", mapped.ToString());
    }

    [Fact]
    public void The_plain_address_counts_when_there_is_no_other()
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessage.BindingSuccess, Id);
        writer.WriteAddress(StunAttribute.MappedAddress, Wire.Endpoint("192.0.2.7:4300"));
        Assert.True(StunMessage.TryRead(buffer[..writer.Length], out var message));
        Assert.True(message.TryReadMappedAddress(out var mapped));
        Assert.Equal("192.0.2.7:4300", mapped.ToString());
    }

    [Fact]
    public void The_first_of_two_equal_attributes_counts()
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessage.BindingSuccess, Id);
        writer.WriteXorMappedAddress(Wire.Endpoint("192.0.2.7:4300"));
        writer.WriteXorMappedAddress(Wire.Endpoint("192.0.2.8:4301"));
        Assert.True(StunMessage.TryRead(buffer[..writer.Length], out var message));
        Assert.True(message.TryReadMappedAddress(out var mapped));
        Assert.Equal("192.0.2.7:4300", mapped.ToString());
    }

    [Fact]
    public void An_error_code_reads_back()
    {
        Span<byte> buffer = stackalloc byte[128];
        var writer = new StunWriter(buffer, StunMessage.BindingError, Id);
        writer.WriteErrorCode(420, "Unknown Attribute");
        Assert.True(StunMessage.TryRead(buffer[..writer.Length], out var message));
        Assert.Equal(420, message.ErrorCode);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var bytes = Sound();
        ReadEverything(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) ReadEverything(bytes);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static byte[] Sound()
    {
        var buffer = new byte[128];
        var writer = new StunWriter(buffer, StunMessage.BindingSuccess, Id);
        writer.WriteXorMappedAddress(Wire.Endpoint("192.0.2.7:4300"));
        writer.WriteAddress(StunAttribute.OtherAddress, Wire.Endpoint("192.0.2.9:3479"));
        writer.WriteChangeRequest(StunChange.AddressAndPort);
        writer.WriteAttribute(StunAttribute.Software, "some server"u8);
        return buffer[..writer.Length];
    }

    private static void ReadEverything(ReadOnlySpan<byte> bytes)
    {
        if (!StunMessage.TryRead(bytes, out var message)) return;
        _ = message.TryReadMappedAddress(out _);
        _ = message.TryReadOtherAddress(out _);
        _ = message.TryReadResponseOrigin(out _);
        _ = message.ErrorCode;
        _ = message.Change;
        _ = message.HasUnknownRequiredAttribute;
    }
}
