using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>
/// What several servers saw of one socket, and what follows from it. Each server is of another operator and has another address, so
/// none of them can spoil the filtering tests, and a liar stands alone.
/// </summary>
internal sealed class MappingSurvey
{
    private const int Enough = 3;
    private const int Majority = 2;

    private readonly List<StunBinding> _bindings = [];
    private StunBinding? _towardsOtherPort;
    private StunBinding? _towardsOtherAddress;

    public int Asked => _bindings.Count;

    public int Answered => _bindings.Count(IsAnswered);

    public bool AnyPending => _bindings.Exists(binding => binding.State == StunBindingState.Pending);

    /// <summary>Whether an answer to a follow-up is still needed and awaited.</summary>
    public bool FollowUpPending => _towardsOtherPort?.State == StunBindingState.Pending
        || (_towardsOtherAddress?.State == StunBindingState.Pending && Answered == 1);

    /// <summary>Whether a server with this address takes part, whatever the port.</summary>
    public bool HasAddress(UdpEndpoint server) => _bindings.Exists(binding => binding.Server.SameAddress(server));

    public void Add(StunBinding binding) => _bindings.Add(binding);

    /// <summary>
    /// Until when to wait for the rest, counted from now: with three answers as long again as the slowest took; before that without
    /// end.
    /// </summary>
    public TimeSpan? PatienceForTheRest => Answered >= Enough ? SlowestRoundTrip : null;

    public TimeSpan SlowestRoundTrip => _bindings.Where(IsAnswered).Max(binding => binding.RoundTrip);

    /// <summary>Asks what the answers so far leave open. To be called once nothing else needs the servers' other addresses untouched.</summary>
    public void FollowUp(StunClient client, Instant now)
    {
        // One server alone cannot tell what the mapping depends on; its other address can. Whether it depends on the port as well is
        // told by the other port of a server.
        if (Answered == 1 && _towardsOtherAddress is null && WithOtherAddress() is { } only)
            _towardsOtherAddress = client.Ask(only.OtherEndpoint!.Value, StunSchedule.Fallback, now);
        if (MapsByDestination && _towardsOtherPort is null && WithOtherPort() is { } first)
            _towardsOtherPort = client.Ask(first.Server.WithPort(first.OtherEndpoint!.Value.Port), StunSchedule.Fallback, now);
    }

    /// <summary>The answer whose address is told to the user, and another one to watch it by.</summary>
    public (StunBinding First, StunBinding? Second)? Chosen
    {
        get
        {
            var answers = InOrder();
            if (answers.Count == 0) return null;
            var agreed = AgreedEndpoint(answers);
            var address = AgreedAddress(answers);
            var first = answers.Find(binding => binding.MappedEndpoint == agreed)
                ?? answers.Find(binding => binding.MappedEndpoint.SameAddress(address))!;
            return (first, answers.Find(binding => binding != first && binding.MappedEndpoint == first.MappedEndpoint)
                ?? answers.Find(binding => binding != first));
        }
    }

    public MappingBehavior Behavior
    {
        get
        {
            if (MapsByDestination)
                return _towardsOtherPort is { State: StunBindingState.Answered } port && SameServer(port) is { } primary
                    && port.MappedEndpoint == primary.MappedEndpoint ? MappingBehavior.AddressDependent : MappingBehavior.AddressAndPortDependent;
            if (Answered > 1 || _towardsOtherAddress is { State: StunBindingState.Answered }) return MappingBehavior.EndpointIndependent;
            return MappingBehavior.Unknown;
        }
    }

    /// <summary>
    /// Servers that contradict the others: with one address for all, those that saw another one; else, those that saw another host
    /// than most did.
    /// </summary>
    public int Disagreeing
    {
        get
        {
            var answers = InOrder();
            if (AgreedEndpoint(answers) is { } agreed) return answers.Count(binding => binding.MappedEndpoint != agreed);
            return answers.Count == 0 ? 0 : answers.Count(binding => !binding.MappedEndpoint.SameAddress(AgreedAddress(answers)));
        }
    }

    /// <summary>The even distance of the ports in the order the requests left, when the mapping depends on the destination.</summary>
    public int? PortStep => PortSteps.Find(SeenPorts);

    /// <summary>The outside ports in the order the requests left, when the mapping depends on the destination; else none.</summary>
    public ushort[] SeenPorts
    {
        get
        {
            if (!MapsByDestination) return [];
            IEnumerable<StunBinding> mappings = InOrder();
            if (_towardsOtherAddress is { } address) mappings = mappings.Append(address);
            if (_towardsOtherPort is { } port && Behavior == MappingBehavior.AddressAndPortDependent) mappings = mappings.Append(port);
            return [.. mappings.Where(IsAnswered).Select(binding => binding.MappedEndpoint.Port)];
        }
    }

    private bool MapsByDestination
    {
        get
        {
            var answers = InOrder();
            if (answers.Count != 1) return answers.Count > 1 && AgreedEndpoint(answers) is null;
            return _towardsOtherAddress is { State: StunBindingState.Answered } other && answers[0].MappedEndpoint != other.MappedEndpoint;
        }
    }

    private List<StunBinding> InOrder() => [.. _bindings.Where(IsAnswered).OrderBy(binding => binding.SendOrder)];

    private StunBinding? WithOtherAddress() =>
        _bindings.Find(binding => IsAnswered(binding) && binding.OtherEndpoint is { } other && !other.SameAddress(binding.Server));

    private StunBinding? WithOtherPort() =>
        _bindings.Find(binding => IsAnswered(binding) && binding.OtherEndpoint is { } other && other.Port != binding.Server.Port && other.Port != 0);

    private StunBinding? SameServer(StunBinding other) =>
        _bindings.Find(binding => IsAnswered(binding) && binding.Server.SameAddress(other.Server));

    // PROTOCOL STUN-11. More than half of at least two: then the NAT gives one address to all, and whoever says otherwise is wrong. But a
    // NAT that draws ports from a small block draws one twice now and then; so against another port of the same address it takes three.
    private static UdpEndpoint? AgreedEndpoint(List<StunBinding> answers)
    {
        foreach (var group in answers.GroupBy(binding => binding.MappedEndpoint))
        {
            if (group.Count() < Majority || group.Count() * 2 <= answers.Count) continue;
            var contradicted = answers.Exists(binding => binding.MappedEndpoint != group.Key && binding.MappedEndpoint.SameAddress(group.Key));
            return contradicted && group.Count() < Enough ? null : group.Key;
        }

        return null;
    }

    private static UdpEndpoint AgreedAddress(List<StunBinding> answers) =>
        answers.GroupBy(binding => binding.MappedEndpoint.WithPort(0)).MaxBy(group => group.Count())!.Key;

    private static bool IsAnswered(StunBinding binding) => binding.State == StunBindingState.Answered;
}
