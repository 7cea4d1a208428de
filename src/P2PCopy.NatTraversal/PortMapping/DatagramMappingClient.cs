using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping.Wire;

namespace P2PCopy.NatTraversal.PortMapping;

/// <summary>
/// What PCP and NAT-PMP have in common: questions in datagrams to one port of the router, repeated until they are answered. How they
/// are written and what an answer means is said by whoever derives from it.
/// </summary>
internal abstract class DatagramMappingClient : IMappingClient
{
    private static readonly TimeSpan ForAnswer = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ForDeleting = TimeSpan.FromMilliseconds(300);

    private readonly UdpEndpoint _server;
    private readonly GrantQueue _grants;
    private readonly Retries _retries = new();
    private int _toWrite;
    private bool _hasGranted;

    /// <summary>A client that has asked nothing yet.</summary>
    /// <param name="protocol">Which way it is.</param>
    /// <param name="gateway">The router, any port.</param>
    /// <param name="grants">Where the router's yes goes.</param>
    protected DatagramMappingClient(PortMappingProtocols protocol, UdpEndpoint gateway, GrantQueue grants) =>
        (Protocol, _server, _grants) = (protocol, gateway.WithPort(PcpRequest.ServerPort), grants);

    /// <inheritdoc/>
    public PortMappingProtocols Protocol { get; }

    /// <inheritdoc/>
    public MappingState State { get; private set; }

    /// <inheritdoc/>
    /// <remarks>
    /// A router that was started anew has forgotten, and its clock shows that only when it had run for some seconds before
    /// (RFC 6887 §8.5). To ask for the mapping itself costs no more than to ask for that clock, and mends what is missing.
    /// </remarks>
    public TimeSpan LongestTrust => TimeSpan.FromSeconds(30); // PROTOCOL MAP-8.

    /// <inheritdoc/>
    public Instant NextTimeout => _retries.Next;

    /// <summary>Datagrams of the router that do not answer a question of ours.</summary>
    public long Rejected { get; protected set; }

    /// <summary>In how many datagrams it asks; one is enough to take back.</summary>
    protected abstract int Questions { get; }

    /// <inheritdoc/>
    public virtual void Ask(Instant now)
    {
        State = MappingState.Asking;
        _retries.Begin(Retries.Asking, ForAnswer, now);
    }

    /// <inheritdoc/>
    public void Rest()
    {
        if (State == MappingState.Asking) Conclude(MappingState.Unanswered);
    }

    /// <inheritdoc/>
    public void Delete(Instant now)
    {
        if (State == MappingState.Idle) State = MappingState.Deleted;
        if (State is MappingState.Deleting or MappingState.Deleted) return;
        State = MappingState.Deleting;
        _retries.Begin(Retries.Deleting, ForDeleting, now);
    }

    /// <summary>A datagram came from the router's port of PCP and NAT-PMP.</summary>
    public abstract void Handle(ReadOnlySpan<byte> datagram);

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        if (_retries.Expired(now)) Conclude(State == MappingState.Deleting ? MappingState.Deleted : MappingState.Unanswered);
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit)
    {
        transmit = default;
        if (_retries.TrySend(now)) _toWrite = State == MappingState.Deleting ? 1 : Questions;
        for (; transmit.Length == 0 && _toWrite > 0; _toWrite--)
            transmit = new Transmit(State == MappingState.Deleting ? WriteDeletion(buffer) : WriteQuestion(buffer, _toWrite), _server);
        return transmit.Length > 0;
    }

    /// <summary>Writes one of the questions.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="number">Which one, counted down to 1.</param>
    /// <returns>The length; 0 when that one is answered already.</returns>
    protected abstract int WriteQuestion(Span<byte> buffer, int number);

    /// <summary>Writes what takes the mapping back.</summary>
    protected abstract int WriteDeletion(Span<byte> buffer);

    /// <summary>The router forwards a port.</summary>
    protected void Grant(MappingGrant grant)
    {
        _hasGranted = true;
        _grants.Add(this, grant);
        Conclude(MappingState.Granted);
    }

    /// <summary>
    /// The router says no for now, as one does that is just without its line: no reason to believe that what it granted before is gone
    /// for good, so it is asked again when it would be time.
    /// </summary>
    /// <returns>Whether there is something to hold on to.</returns>
    protected bool HoldOn()
    {
        if (_hasGranted) Conclude(MappingState.Unanswered);
        return _hasGranted;
    }

    /// <summary>It is over, for now.</summary>
    protected void Conclude(MappingState state)
    {
        State = state;
        _toWrite = 0;
        _retries.Stop();
    }
}
