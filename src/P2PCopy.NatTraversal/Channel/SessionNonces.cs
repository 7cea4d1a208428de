namespace P2PCopy.NatTraversal.Channel;

/// <summary>
/// The two nonces from which the words follow. The initiator commits itself to its own before it sees the responder's, and shows it only
/// afterwards; so who stands between the two cannot choose nonces that give the same words on both screens (PROTOCOL KEY-4).
/// </summary>
internal sealed class SessionNonces
{
    /// <summary>Bytes of a nonce, and of the commitment to one.</summary>
    public const int Length = 16;

    private readonly byte[] _initiator = new byte[Length];
    private readonly byte[] _responder = new byte[Length];
    private readonly byte[] _commitment = new byte[Length];

    private SessionNonces(ReadOnlySpan<byte> responder) => responder.CopyTo(_responder);

    /// <summary>Whether the initiator's is known.</summary>
    public bool IsOpen { get; private set; }

    public ReadOnlySpan<byte> Initiator => _initiator;

    public ReadOnlySpan<byte> Responder => _responder;

    /// <summary>As the initiator knows them.</summary>
    public static SessionNonces OfInitiator(ReadOnlySpan<byte> initiator, ReadOnlySpan<byte> responder)
    {
        var nonces = new SessionNonces(responder) { IsOpen = true };
        initiator.CopyTo(nonces._initiator);
        return nonces;
    }

    /// <summary>As the responder knows them before the initiator shows its own.</summary>
    public static SessionNonces OfResponder(ReadOnlySpan<byte> commitment, ReadOnlySpan<byte> responder)
    {
        var nonces = new SessionNonces(responder);
        commitment.CopyTo(nonces._commitment);
        return nonces;
    }

    /// <summary>Takes what the initiator shows; <see langword="false"/> when it is not what it had committed to.</summary>
    public bool TryOpen(ReadOnlySpan<byte> initiator)
    {
        if (IsOpen) return initiator.SequenceEqual(_initiator);
        Span<byte> commitment = stackalloc byte[Length];
        KeySchedule.Commit(initiator, commitment);
        if (!commitment.SequenceEqual(_commitment)) return false;
        initiator.CopyTo(_initiator);
        return IsOpen = true;
    }
}
