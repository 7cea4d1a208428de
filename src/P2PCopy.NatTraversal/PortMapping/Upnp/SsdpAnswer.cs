using System.Text;
using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>
/// An answer to a search of the Simple Service Discovery Protocol (UPnP Device Architecture 1.1 §1.3.3): an HTTP response in a
/// datagram, whose LOCATION says where the device describes itself. Its text is a stranger's.
/// </summary>
internal readonly ref struct SsdpAnswer : IWireFormat<SsdpAnswer>
{
    private const int Longest = 2048;

    /// <summary>Where the description is; a URL as it was sent.</summary>
    public required ReadOnlySpan<byte> Location { get; init; }

    /// <summary>What kind of device or service answers; empty when it does not say.</summary>
    public ReadOnlySpan<byte> SearchTarget { get; init; }

    /// <inheritdoc/>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out SsdpAnswer packet)
    {
        packet = default;
        if (datagram.Length > Longest) return false;
        var rest = datagram;
        var status = TakeLine(ref rest);
        if (status.Length < 12 || !Ascii.EqualsIgnoreCase(status[..7], "HTTP/1."u8) || !status[8..].StartsWith(" 200"u8)) return false;
        ReadOnlySpan<byte> location = default, target = default;
        while (!rest.IsEmpty && TakeLine(ref rest) is { IsEmpty: false } line)
        {
            var colon = line.IndexOf((byte)':');
            if (colon <= 0) continue;
            var name = line[..colon];
            var value = Trim(line[(colon + 1)..]);
            if (location.IsEmpty && Ascii.EqualsIgnoreCase(name, "LOCATION"u8)) location = value;
            if (target.IsEmpty && Ascii.EqualsIgnoreCase(name, "ST"u8)) target = value;
        }

        packet = new SsdpAnswer { Location = location, SearchTarget = target };
        return !location.IsEmpty;
    }

    /// <inheritdoc/>
    public int Write(Span<byte> destination)
    {
        var writer = new PacketWriter(destination);
        writer.WriteBytes("HTTP/1.1 200 OK\r\nLOCATION: "u8);
        writer.WriteBytes(Location);
        writer.WriteBytes("\r\n"u8);
        if (!SearchTarget.IsEmpty)
        {
            writer.WriteBytes("ST: "u8);
            writer.WriteBytes(SearchTarget);
            writer.WriteBytes("\r\n"u8);
        }

        writer.WriteBytes("\r\n"u8);
        return writer.Length;
    }

    // Some routers end their lines with LF alone.
    private static ReadOnlySpan<byte> TakeLine(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value[Ascii.Trim(value)];
}
