using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace P2PCopy.Datagrams;

/// <summary>
/// An IP address and UDP port as a value of 24 bytes: compared, hashed and copied without allocation. IPv4 addresses are held
/// in their IPv4-mapped form (::ffff:a.b.c.d, RFC 4291 §2.5.5.2), so an address has one representation only.
/// </summary>
/// <remarks>
/// As the scope of a link-local address says by which interface it is reached, <see cref="Via"/> says by which socket of this program:
/// behind a NAT that has another port for every socket these are different ways to one address. It is nothing that another machine
/// could be told.
/// </remarks>
public readonly record struct UdpEndpoint
{
    private const uint MappedPrefix = 0x0000ffff;

    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;

    private UdpEndpoint(ulong high, ulong low, uint scope, ushort port, ushort via = 0)
    {
        _high = high;
        _low = low;
        _scope = scope;
        Port = port;
        Via = via;
    }

    /// <summary>The UDP port, 0–65535; 0 is no destination.</summary>
    public ushort Port { get; }

    /// <summary>The number of the local socket by which it was heard, or is to be reached; 0 is the main one.</summary>
    public ushort Via { get; }

    /// <summary>Whether the address is IPv4.</summary>
    public bool IsIPv4 => _high == 0 && (uint)(_low >> 32) == MappedPrefix;

    /// <summary>The four bytes of an IPv4 address as a big-endian number; meaningful only when <see cref="IsIPv4"/>.</summary>
    public uint IPv4Bits => (uint)_low;

    /// <summary>The upper eight bytes of the (mapped) IPv6 address, big-endian.</summary>
    public ulong HighBits => _high;

    /// <summary>The lower eight bytes of the (mapped) IPv6 address, big-endian.</summary>
    public ulong LowBits => _low;

    /// <summary>The interface index of a link-local IPv6 address, else 0.</summary>
    public uint ScopeId => _scope;

    /// <summary>The address without the port.</summary>
    public IPAddress Address
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
            BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
            return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, _scope);
        }
    }

    /// <summary>An IPv4 endpoint from the address as a big-endian number (10.0.0.1 is 0x0a000001).</summary>
    public static UdpEndpoint FromIPv4(uint address, ushort port) => new(0, ((ulong)MappedPrefix << 32) | address, 0, port);

    /// <summary>An IPv6 endpoint from the two halves of its address; a mapped address becomes the IPv4 endpoint.</summary>
    public static UdpEndpoint FromIPv6(ulong high, ulong low, ushort port, uint scopeId = 0) =>
        new(high, low, high == 0 && (uint)(low >> 32) == MappedPrefix ? 0 : scopeId, port);

    /// <summary>The value of a framework endpoint.</summary>
    public static UdpEndpoint From(IPEndPoint endpoint) => From(endpoint.Address, (ushort)endpoint.Port);

    /// <summary>The value of a framework address with a port.</summary>
    public static UdpEndpoint From(IPAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var written)) throw new ArgumentException("not an IP address", nameof(address));
        if (written == 4) return FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), port);
        var scope = address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0;
        return FromIPv6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), port, scope);
    }

    /// <summary>The same address with another port.</summary>
    public UdpEndpoint WithPort(ushort port) => new(_high, _low, _scope, port, Via);

    /// <summary>The same address and port by another local socket.</summary>
    public UdpEndpoint WithVia(ushort via) => new(_high, _low, _scope, Port, via);

    /// <summary>Whether both have the same address, whatever their ports and the sockets that they are reached by.</summary>
    public bool SameAddress(UdpEndpoint other) => _high == other._high && _low == other._low && _scope == other._scope;

    /// <summary>The framework's form, for the edge of the program.</summary>
    public IPEndPoint ToIPEndPoint() => new(Address, Port);

    /// <summary>
    /// Reads <c>a.b.c.d:port</c> or <c>[v6]:port</c>. The address is in full dotted form (no <c>10.1</c>), the port 1–65535,
    /// and nothing else may stand around it.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UdpEndpoint endpoint)
    {
        endpoint = default;
        if (string.IsNullOrEmpty(text)) return false;
        var colon = text.LastIndexOf(':');
        if (colon <= 0) return false;
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) return false;
        var host = text[..colon];
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (bracketed) host = host[1..^1];
        if (bracketed != host.Contains(':', StringComparison.Ordinal)) return false;
        if (!bracketed && host.Count(c => c == '.') != 3) return false;
        if (!IPAddress.TryParse(host, out var address)) return false;
        if (!bracketed && address.ToString() != host) return false;
        endpoint = From(address, port);
        return true;
    }

    /// <summary><c>a.b.c.d:port</c> or <c>[v6]:port</c>.</summary>
    public override string ToString() => IsIPv4 ? $"{Address}:{Port}" : $"[{Address}]:{Port}";
}
