using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Paths;

/// <summary>When a path that carries nothing is to be asked whether it still works, which also keeps the NATs on it open.</summary>
/// <param name="random">Spreads the questions, so that two peers do not keep in step.</param>
internal sealed class KeepAlive(IRandomBytes random)
{
    // PROTOCOL PATH-12.
    private static readonly TimeSpan InUse = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan InUseAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReserveAgain = TimeSpan.FromSeconds(3);

    private double _spread = 1;

    /// <summary>Draws the next interval: 20 % more or less.</summary>
    public void Redraw()
    {
        Span<byte> bits = stackalloc byte[1];
        random.Fill(bits);
        _spread = 0.8 + (0.4 * bits[0] / 255);
    }

    /// <summary>When the path in use is to be asked: when either direction rested for so long, and again soon without an answer.</summary>
    public Instant DueInUse(PeerPath path) => Due(path, InUse * _spread, InUseAgain);

    /// <summary>When a path in reserve is to be asked.</summary>
    public Instant DueInReserve(PeerPath path) => Due(path, Reserve * _spread, ReserveAgain);

    private static Instant Due(PeerPath path, TimeSpan interval, TimeSpan again)
    {
        var idleSince = Instant.Min(path.SentAt ?? Instant.Zero, path.HeardAt ?? Instant.Zero);
        return Instant.Max(idleSince + interval, (path.ProbedAt ?? Instant.Zero) + again);
    }
}
