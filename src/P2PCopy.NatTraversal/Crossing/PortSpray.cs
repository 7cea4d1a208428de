using System.Buffers.Binary;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.Crossing;

/// <summary>
/// Ports of one address in random order, none twice, at a steady pace: with 256 sockets behind them, one of 1,148 guesses hits in 99 of
/// 100 cases, one of 2,048 in all but 3 of 10,000.
/// </summary>
/// <param name="random">Which port comes next.</param>
// PROTOCOL PATH-19.
internal sealed class PortSpray(IRandomBytes random)
{
    /// <summary>The most guesses in a round: as many entries may stand in the table of a small router for half a minute.</summary>
    public const int MostPerRound = 2048;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private ushort[] _ports = [];
    private UdpEndpoint _address;
    private int _used;
    private int _left;

    /// <summary>When the next guess is due.</summary>
    public Instant Next { get; private set; } = Instant.Never;

    /// <summary>A new target: all of its ports are open to guesses again.</summary>
    public void Begin(UdpEndpoint address, PortRange range)
    {
        _address = address;
        _ports = new ushort[range.Highest - range.Lowest + 1];
        for (var i = 0; i < _ports.Length; i++) _ports[i] = (ushort)(range.Lowest + i);
        (_used, _left, Next) = (0, 0, Instant.Never);
    }

    /// <summary>A round begins.</summary>
    public void BeginRound(Instant now) => (_left, Next) = (MostPerRound, now);

    /// <summary>No more guesses.</summary>
    public void Stop()
    {
        (_ports, _left, Next) = ([], 0, Instant.Never);
    }

    /// <summary>The next guess, if one is due.</summary>
    public bool TryNext(Instant now, out UdpEndpoint guess)
    {
        guess = default;
        if (Next > now) return false;

        // All of a block were tried: the NAT may have drawn anew since.
        if (_used == _ports.Length) _used = 0;
        Span<byte> bits = stackalloc byte[4];
        random.Fill(bits);
        var drawn = _used + (int)(BinaryPrimitives.ReadUInt32BigEndian(bits) % (uint)(_ports.Length - _used));
        (_ports[_used], _ports[drawn]) = (_ports[drawn], _ports[_used]);
        guess = _address.WithPort(_ports[_used++]);

        // A program that slept owes nothing.
        Next = --_left > 0 ? Instant.Max(Next + Pace, now) : Instant.Never;
        return true;
    }
}
