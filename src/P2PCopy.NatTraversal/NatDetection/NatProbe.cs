using System.Diagnostics.CodeAnalysis;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>
/// Finds out what this network does to the main socket, within a second where possible, and keeps the address it found alive. It
/// leads: it asks servers itself, is told what the scratch socket (<see cref="FilteringProbe"/>) and IPv6 brought, and says when there
/// is a report.
/// </summary>
/// <example><code>
/// probe.Start(now);
/// probe.AddServer(server, now);              // as names resolve; then probe.CompleteServers(now)
/// probe.HandleFiltering(findings, now);
/// if (probe.WantsMoreServers) …              // the same again with the servers of the fall-back
/// if (probe.Report is { } report) …
/// if (probe.TryTakeWishForTests()) …         // an answer came after all: filtering and IPv6 again
/// if (probe.TryReadCorrection(out report)) …
/// </code></example>
public sealed class NatProbe : IDatagramProtocol
{
    private const int FirstServers = 4;
    private const int FallbackServers = 8;

    private static readonly TimeSpan HardStop = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastStop = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MinSettling = TimeSpan.FromMilliseconds(300);

    private enum Phase
    {
        // The report is still to come.
        Asking,

        // It said that nobody answers, and somebody may do so yet.
        Listening,

        // Somebody did: a better report is to come.
        Correcting,

        Done,
    }

    private enum Timer
    {
        HardStop,
        LastStop,
        Settled,
    }

    private readonly StunClient _client;
    private readonly MappingSurvey _survey = new();
    private readonly TimerTable<Timer> _timers = new();
    private FilteringFindings? _filtering;
    private bool _ipv6Done;
    private bool? _ipv6Works;
    private FilteringBehavior? _ipv6Filtering;
    private UdpEndpoint? _ipv6Endpoint;
    private UdpEndpoint? _local;
    private int _skipped;
    private bool _fallback;
    private int _completed;
    private bool _settled;
    private bool _overdue;
    private Phase _phase;
    private bool _wantsTests;
    private bool _isCorrected;

    /// <summary>A probe that has not started.</summary>
    /// <param name="fillRandom">Fills a span with cryptographically random bytes.</param>
    public NatProbe(Action<Span<byte>> fillRandom) => _client = new StunClient(fillRandom);

    /// <summary>The result, once there is one. It changes only if it said that nobody answers and somebody did after all.</summary>
    public NetworkReport? Report { get; private set; }

    /// <summary>Whether none of the servers named so far answers and others should be named.</summary>
    public bool WantsMoreServers => _fallback && !IsComplete && Report is null;

    /// <summary>Where the internet sees the socket now; follows what the keep-alive notices.</summary>
    public UdpEndpoint? MappedEndpoint { get; private set; }

    /// <summary>STUN messages that were not to be believed.</summary>
    public long RejectedAnswers => _client.RejectedAnswers;

    /// <inheritdoc/>
    public Instant NextTimeout => Instant.Min(_timers.Next, _client.NextTimeout);

    /// <summary>Starts the clock: a report within 1 s, or within 3 s when the first servers are silent.</summary>
    public void Start(Instant now)
    {
        _timers[Timer.HardStop] = now + HardStop;
        _timers[Timer.LastStop] = now + LastStop;
    }

    /// <summary>The address and port of the socket on this computer, when it is known which interface it uses.</summary>
    public void SetLocalEndpoint(UdpEndpoint? local) => _local = local;

    /// <summary>Names a server. Two with the same address count once, and no more than four, in the fall-back twelve, are asked.</summary>
    public void AddServer(UdpEndpoint server, Instant now)
    {
        if (Report is not null || _survey.HasAddress(server)) return;
        if (_survey.Asked >= (_fallback ? FirstServers + FallbackServers : FirstServers)) return;
        _survey.Add(_client.Ask(server, (_fallback ? StunSchedule.Fallback : StunSchedule.First).Patient, now));
    }

    /// <summary>Says that a server has no IPv4 address, or that its name could not be resolved.</summary>
    public void SkipServer() => _skipped++;

    /// <summary>Says that all servers of the first kind have been named; and once more, that all of the fall-back have.</summary>
    public void CompleteServers(Instant now)
    {
        _completed++;
        Advance(now);
    }

    /// <summary>Tells what the scratch socket found out, or that there is none (<see cref="FilteringFindings.None"/>).</summary>
    public void HandleFiltering(FilteringFindings findings, Instant now)
    {
        // What got in from where the main socket has written to may have been let in for that: some NATs filter per host. It must be
        // judged now, before the main socket asks on.
        var tainted = findings is { Filtering: FilteringBehavior.EndpointIndependent, Proof: { } proof } && _survey.HasAddress(proof);
        _filtering = tainted ? findings with { Filtering = FilteringBehavior.Unknown } : findings;
        Advance(now);
    }

    /// <summary>Tells whether IPv6 works, or <see langword="null"/> if that is not asked.</summary>
    /// <param name="works">Whether a server was reached by it.</param>
    /// <param name="mapped">Where the internet sees a socket of ours.</param>
    /// <param name="now">The time.</param>
    public void HandleIPv6(bool? works, UdpEndpoint? mapped, Instant now)
    {
        (_ipv6Done, _ipv6Works, _ipv6Endpoint) = (true, works, mapped);
        Advance(now);
    }

    /// <summary>Tells who gets in by IPv6; waited for only where that works.</summary>
    public void HandleIPv6Filtering(FilteringBehavior filtering, Instant now)
    {
        _ipv6Filtering = filtering;
        Advance(now);
    }

    /// <summary>Asks the server that tested the filtering to write to a port that the router is said to forward to the main socket.</summary>
    /// <returns>What comes of it; <see langword="null"/> when there is no such server.</returns>
    // PROTOCOL MAP-16.
    public StunBinding? TestForwarding(ushort port, Instant now) =>
        _filtering?.Tester is { } tester && !_survey.HasAddress(tester.Other) ? _client.AskBack(tester, port, now) : null;

    /// <summary>Takes the next change of the mapped address: the peer must be told anew.</summary>
    public bool TryReadMappedAddressChanged(out UdpEndpoint mapped)
    {
        if (!_client.TryReadMappedAddressChanged(out mapped)) return false;
        MappedEndpoint = mapped;
        return true;
    }

    /// <summary>
    /// Whether filtering and IPv6 should be tested once more, since a server answered after the report; told once. What comes of it is
    /// waited for three seconds.
    /// </summary>
    public bool TryTakeWishForTests() => _wantsTests && !(_wantsTests = false);

    /// <summary>Takes the report that replaces one which said that nobody answers.</summary>
    public bool TryReadCorrection([NotNullWhen(true)] out NetworkReport? report)
    {
        report = _isCorrected ? Report : null;
        _isCorrected = false;
        return report is not null;
    }

    /// <summary>Sends nothing more of its own accord: a path to the peer keeps the mapping open now.</summary>
    public void StopKeepAlive()
    {
        _client.StopKeepAlive();
        if (_phase is Phase.Listening or Phase.Correcting) End();
    }

    /// <inheritdoc/>
    public bool Accepts(ReadOnlySpan<byte> datagram, UdpEndpoint remote) => _client.Accepts(datagram, remote);

    /// <inheritdoc/>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        _client.Handle(datagram, remote, now);
        Advance(now);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        _client.HandleTimeout(now);
        Advance(now);
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit) => _client.TryTransmit(buffer, now, out transmit);

    private void Advance(Instant now)
    {
        if (_phase == Phase.Listening && _survey.Answered > 0) BeginCorrection(now);
        if (_phase is Phase.Listening or Phase.Done) return;
        SettleMapping(now);
        if (_filtering is not null) _survey.FollowUp(_client, now);
        if (_settled && (_overdue || IsAllKnown)) Conclude(now);
        else if (_timers.Expired(Timer.LastStop, now)) Conclude(now);
        else if (_timers.Expired(Timer.HardStop, now)) StopHard(now);
    }

    // The first names may still be looked up when the fall-back begins; then both must come to their end.
    private bool IsComplete => _completed >= (_fallback ? 2 : 1);

    private bool IsAllKnown =>
        _filtering is not null && !_survey.FollowUpPending && _ipv6Done && (_ipv6Works != true || _ipv6Filtering is not null);

    // The addresses are settled when all have answered, or when three have and the rest had as much time again.
    private void SettleMapping(Instant now)
    {
        if (_settled) return;
        if (IsComplete && !_survey.AnyPending)
        {
            if (_survey.Answered > 0) Settle();
            else if (_fallback) Conclude(now);
            else BeginFallback();
            return;
        }

        if (_timers[Timer.Settled] == Instant.Never)
        {
            if (_phase == Phase.Correcting) _timers[Timer.Settled] = now + MinSettling;
            else if (_survey.PatienceForTheRest is { } patience) _timers[Timer.Settled] = now + patience;
            else if (_fallback && _survey.Answered > 0)
                _timers[Timer.Settled] = now + (_survey.SlowestRoundTrip > MinSettling ? _survey.SlowestRoundTrip : MinSettling);
        }

        if (_timers.Expired(Timer.Settled, now)) Settle();
    }

    private void Settle()
    {
        _settled = true;
        _timers.Stop(Timer.Settled);
    }

    private void StopHard(Instant now)
    {
        if (_survey.Answered > 0 && !_fallback)
        {
            Conclude(now);
            return;
        }

        _overdue = true;
        BeginFallback();
    }

    private void BeginFallback()
    {
        if (_fallback) return;
        _fallback = true;
    }

    private void Conclude(Instant now)
    {
        Report = WriteReport();
        MappedEndpoint = Report.MappedEndpoint;
        if (_survey.Chosen is { } chosen)
        {
            _isCorrected = _phase == Phase.Correcting;
            End();
            _client.KeepAlive(chosen.First, chosen.Second, now);
        }
        else if (_survey.AnyPending)
        {
            // PROTOCOL STUN-10. A busy machine, a network that is just coming up: silence so far is not silence for ever.
            _timers.StopAll();
            _phase = Phase.Listening;
        }
        else
        {
            End();
        }
    }

    private void BeginCorrection(Instant now)
    {
        _phase = Phase.Correcting;
        _wantsTests = true;
        (_filtering, _ipv6Filtering, _ipv6Done, _settled, _overdue) = (null, null, false, false, false);
        _timers[Timer.LastStop] = now + LastStop;
    }

    private void End()
    {
        _phase = Phase.Done;
        _timers.StopAll();
        _client.AbandonAll();
    }

    private NetworkReport WriteReport()
    {
        var mapped = _survey.Chosen?.First.MappedEndpoint;
        var behavior = mapped is null ? MappingBehavior.Unknown : _survey.Behavior;
        if (mapped is not null && mapped == _local && behavior is MappingBehavior.Unknown or MappingBehavior.EndpointIndependent)
            behavior = MappingBehavior.None;
        var filtering = _filtering?.Filtering ?? FilteringBehavior.Unknown;
        return new NetworkReport
        {
            MappedEndpoint = mapped,
            LocalEndpoint = _local,
            Mapping = behavior,
            Filtering = filtering,
            EarlyPackets = EarlyPackets(behavior, filtering),
            PortKept = mapped is { } outside && _local is { } inside ? outside.Port == inside.Port : null,
            PortStep = _survey.PortStep,
            SeenPorts = _survey.SeenPorts,
            IPv6Works = _ipv6Works,
            IPv6Endpoint = _ipv6Endpoint,
            IPv6Filtering = _ipv6Works == true ? _ipv6Filtering ?? FilteringBehavior.Unknown : FilteringBehavior.Unknown,
            SecondNatHint = _local is { } local && IsCarrierInside(local),
            ServersAsked = _survey.Asked,
            ServersWithoutAddress = _skipped,
            ServersAnswered = _survey.Answered,
            ServersDisagreeing = _survey.Disagreeing,
        };
    }

    private EarlyPacketEffect EarlyPackets(MappingBehavior mapping, FilteringBehavior filtering) => (mapping, filtering) switch
    {
        (MappingBehavior.None, _) or (_, FilteringBehavior.EndpointIndependent) => EarlyPacketEffect.None,
        (MappingBehavior.EndpointIndependent, _) => _filtering?.EarlyPackets ?? EarlyPacketEffect.Unknown,
        _ => EarlyPacketEffect.Unknown,
    };

    // 100.64.0.0/10 and 192.0.0.0/29: providers give these out behind a NAT of their own.
    private static bool IsCarrierInside(UdpEndpoint local) =>
        local.IsIPv4 && (local.IPv4Bits >> 22 == 0x64400000 >> 22 || local.IPv4Bits >> 3 == 0xc0000000 >> 3);
}
