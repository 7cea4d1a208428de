using System.Buffers.Binary;
using System.Security.Cryptography;
using P2PCopy.Datagrams;

namespace P2PCopy.Udt.Handshake;

/// <summary>
/// The cookie that a listener gives instead of keeping state: only who receives at the claimed address can echo it. Unlike the
/// reference's it is keyed, so nobody can compute it; like there it changes each minute and the last minute's is still taken.
/// </summary>
/// <param name="secret">Random bytes that live as long as the listener.</param>
/// <param name="start">When the listener was opened.</param>
internal sealed class SynCookie(byte[] secret, Instant start)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>The cookie for an address, now.</summary>
    public uint Create(UdpEndpoint remote, Instant now) => Compute(remote, PeriodOf(now));

    /// <summary>Whether the address was given this cookie within the last one to two minutes.</summary>
    public bool IsValid(uint cookie, UdpEndpoint remote, Instant now)
    {
        var period = PeriodOf(now);
        return cookie == Compute(remote, period) || cookie == Compute(remote, period - 1);
    }

    private long PeriodOf(Instant now) => (long)((now - start) / Period);

    private uint Compute(UdpEndpoint remote, long period)
    {
        Span<byte> text = stackalloc byte[26];
        BinaryPrimitives.WriteUInt64BigEndian(text, remote.HighBits);
        BinaryPrimitives.WriteUInt64BigEndian(text[8..], remote.LowBits);
        BinaryPrimitives.WriteUInt16BigEndian(text[16..], remote.Port);
        BinaryPrimitives.WriteInt64BigEndian(text[18..], period);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, text, mac);
        var cookie = BinaryPrimitives.ReadUInt32BigEndian(mac);

        // 0 means "no cookie yet" on the wire.
        return cookie == 0 ? 1 : cookie;
    }
}
