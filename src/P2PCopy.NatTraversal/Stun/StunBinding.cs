using P2PCopy.Datagrams;

namespace P2PCopy.NatTraversal.Stun;

/// <summary>How far a Binding transaction has come.</summary>
public enum StunBindingState
{
    /// <summary>No valid answer yet.</summary>
    Pending,

    /// <summary>A valid answer told the mapped address.</summary>
    Answered,

    /// <summary>The server answered with an error.</summary>
    Refused,

    /// <summary>The answer came from a place where it must not come from: the server ignores CHANGE-REQUEST or lies about its addresses.</summary>
    Misplaced,

    /// <summary>Nothing came in time.</summary>
    TimedOut,
}

/// <summary>One Binding transaction: what was asked of whom, and what came of it. The machine that made it fills it in.</summary>
public sealed class StunBinding
{
    private readonly TimeSpan[] _sendTimes;
    private readonly UdpEndpoint _answerFrom;
    private Instant _begun;
    private int _sent;

    internal StunBinding(TransactionId id, UdpEndpoint server, StunDetour detour, UdpEndpoint answerFrom, StunSchedule schedule, Instant now)
    {
        Id = id;
        Server = server;
        (Change, AnswerTo) = detour;
        _answerFrom = answerFrom;
        _sendTimes = schedule.SendTimes;
        _begun = now;
        GivesUpAt = now + schedule.GivesUpAfter;
    }

    /// <summary>The address and port that are asked.</summary>
    public UdpEndpoint Server { get; }

    /// <summary>From where the server was asked to answer.</summary>
    public StunChange Change { get; }

    /// <summary>To which port of ours, as the server sees it; 0 for the one that asked.</summary>
    public ushort AnswerTo { get; }

    /// <summary>How far it has come.</summary>
    public StunBindingState State { get; private set; }

    /// <summary>Where the server saw the request come from; when answered.</summary>
    public UdpEndpoint MappedEndpoint { get; private set; }

    /// <summary>The server's other address and port; <see langword="null"/> when it named none.</summary>
    public UdpEndpoint? OtherEndpoint { get; private set; }

    /// <summary>When the first request left; meaningful once <see cref="RequestsSent"/> is above 0.</summary>
    public Instant FirstSent { get; private set; }

    /// <summary>
    /// From the first request to the answer. With a lost request it is longer than the true round trip, never shorter, which is the
    /// safe side for every wait that is derived from it.
    /// </summary>
    public TimeSpan RoundTrip { get; private set; }

    /// <summary>Requests that left, all with the same transaction id.</summary>
    public int RequestsSent => _sent;

    /// <summary>Its place in the order of first requests of its machine; mapped ports are compared in this order.</summary>
    public long SendOrder { get; private set; }

    internal TransactionId Id { get; }

    internal Instant GivesUpAt { get; }

    internal Instant NextSend => State == StunBindingState.Pending && _sent < _sendTimes.Length ? _begun + _sendTimes[_sent] : Instant.Never;

    internal int Write(Span<byte> buffer, Instant now, ref long sendOrder)
    {
        // Time that passed before the machine was first drained must not eat the gap to the resend.
        if (_sent == 0)
        {
            FirstSent = now;
            SendOrder = sendOrder++;
            if (_sendTimes[0] == TimeSpan.Zero) _begun = now;
        }

        _sent++;
        // PROTOCOL STUN-9.
        var writer = new StunWriter(buffer, StunMessage.BindingRequest, Id);
        if (Change != StunChange.None) writer.WriteChangeRequest(Change);
        if (AnswerTo != 0) writer.WriteResponsePort(AnswerTo);
        return writer.Length;
    }

    /// <summary>Judges a message that carries this transaction's id. <see langword="false"/>: it changes nothing.</summary>
    internal bool TryAccept(StunMessage message, UdpEndpoint remote, Instant now)
    {
        if (State != StunBindingState.Pending || _sent == 0) return false;
        if (message.Type == StunMessage.BindingError && remote.SameAddress(Server))
        {
            State = StunBindingState.Refused;
            return true;
        }

        // PROTOCOL STUN-3.
        if (message.Type != StunMessage.BindingSuccess || message.HasUnknownRequiredAttribute) return false;
        if (remote != _answerFrom)
        {
            // PROTOCOL STUN-8.
            // A plain answer from elsewhere is somebody's guess. With CHANGE-REQUEST it is a server that does not do as asked, and
            // its silence on the right path would prove nothing any more.
            if (Change == StunChange.None) return false;
            State = StunBindingState.Misplaced;
            return true;
        }

        if (!message.TryReadMappedAddress(out var mapped) || !StunAddress.IsPlausible(mapped, remote)) return false;
        if (mapped.IsIPv4 != remote.IsIPv4) return false;
        MappedEndpoint = mapped;
        OtherEndpoint = message.TryReadOtherAddress(out var other) ? other : null;
        RoundTrip = now - FirstSent;
        State = StunBindingState.Answered;
        return true;
    }

    internal void GiveUp()
    {
        if (State == StunBindingState.Pending) State = StunBindingState.TimedOut;
    }
}
