namespace P2PCopy.Udt;

/// <summary>The constants of time of UDT 4.</summary>
internal static class UdtTimes
{
    /// <summary>The period of rate control and of acknowledgements.</summary>
    public static readonly TimeSpan Syn = TimeSpan.FromMilliseconds(10);

    /// <summary>A handshake without answer is repeated after this.</summary>
    public static readonly TimeSpan HandshakeRepeat = TimeSpan.FromMilliseconds(250);

    /// <summary>The least time that one more expiration adds.</summary>
    public static readonly TimeSpan LeastExpiration = TimeSpan.FromMilliseconds(300);

    /// <summary>A peer counts as dead after <see cref="DeadAfterExpirations"/>, and not before the last of them took this long.</summary>
    public static readonly TimeSpan LeastLastExpiration = TimeSpan.FromSeconds(5);

    /// <summary>How long closing waits for acknowledgements.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(180);

    /// <summary>How long a closed connection answers latecomers with its shutdown.</summary>
    public static readonly TimeSpan ClosedMemory = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long the first data waits for a sign that the peer is really there. Old peers lose what arrives in the first
    /// milliseconds after their handshake, and never ask for it again.
    /// </summary>
    public static readonly TimeSpan FirstDataHold = TimeSpan.FromMilliseconds(30);

    public const int DeadAfterExpirations = 16;
}
