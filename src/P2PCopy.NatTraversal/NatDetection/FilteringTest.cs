using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Report;
using P2PCopy.NatTraversal.Stun;

namespace P2PCopy.NatTraversal.NatDetection;

/// <summary>
/// The filtering tests of RFC 5780 §4.4 with one server. Test I learns its other address; II asks for an answer from there, III from
/// its other port; then the question whether II's packet, which came before ours, moved our mapping towards that other address.
/// </summary>
internal sealed class FilteringTest
{
    private static readonly TimeSpan MinPatience = TimeSpan.FromMilliseconds(300);

    private readonly StunTransactions _transactions;
    private readonly StunBinding _testI;
    private StunBinding? _testII;
    private StunBinding? _testIII;
    private StunBinding? _towardsOther;
    private UdpEndpoint _other;

    public FilteringTest(StunTransactions transactions, UdpEndpoint server, Instant now)
    {
        _transactions = transactions;
        Started = now;
        _testI = transactions.Start(server, StunSchedule.First, now);
    }

    public Instant Started { get; }

    /// <summary>Whether the server has answered, with whatever.</summary>
    public bool IsAlive => _testI.State != StunBindingState.Pending && _testI.State != StunBindingState.TimedOut;

    public bool IsDone { get; private set; }

    public FilteringFindings Findings { get; private set; } = FilteringFindings.None;

    /// <summary>Looks at what has been answered and asks the next question.</summary>
    public void Advance(Instant now)
    {
        if (IsDone || _testI.State == StunBindingState.Pending) return;
        if (_testII is null || _testIII is null) BeginChangeTests(now);
        else if (_towardsOther is { } question) JudgeMapping(question);
        else JudgeFiltering(_testII, _testIII, now);
    }

    private void BeginChangeTests(Instant now)
    {
        // A server that names its own address or port as the other one would make us believe its plain answers.
        if (_testI.State != StunBindingState.Answered || _testI.OtherEndpoint is not { } other
            || other.SameAddress(_testI.Server) || other.Port == _testI.Server.Port || other.IsIPv4 != _testI.Server.IsIPv4
            || !StunAddress.IsPlausible(other, _testI.Server))
        {
            IsDone = true;
            return;
        }

        _other = other;
        var (server, schedule) = (_testI.Server, StunSchedule.Verdict(Patience));
        _testII = _transactions.Start(server, new StunDetour(StunChange.AddressAndPort), other, schedule, now);
        _testIII = _transactions.Start(server, new StunDetour(StunChange.Port), server.WithPort(other.Port), schedule, now);
    }

    private void JudgeFiltering(StunBinding testII, StunBinding testIII, Instant now)
    {
        if (testII.State == StunBindingState.Answered)
        {
            Conclude(new(FilteringBehavior.EndpointIndependent, EarlyPacketEffect.None, _other) { Tester = Tester });
            return;
        }

        // Only silence where an answer could have come is an answer.
        if (Disobeyed(testII) || Disobeyed(testIII))
        {
            Conclude(FilteringFindings.None);
            return;
        }

        if (testII.State == StunBindingState.Pending || testIII.State == StunBindingState.Pending) return;
        Findings = testIII.State == StunBindingState.Answered
            ? new(FilteringBehavior.AddressDependent, EarlyPacketEffect.Unknown, _testI.Server.WithPort(_other.Port)) { Tester = Tester }
            : new(FilteringBehavior.AddressAndPortDependent, EarlyPacketEffect.Unknown, null) { Tester = Tester };
        _towardsOther = _transactions.Start(_other, StunSchedule.Verdict(Patience), now);
    }

    private void JudgeMapping(StunBinding question)
    {
        if (question.State == StunBindingState.Pending) return;
        var effect = question.State != StunBindingState.Answered ? EarlyPacketEffect.Unknown
            : question.MappedEndpoint == _testI.MappedEndpoint ? EarlyPacketEffect.None
            : EarlyPacketEffect.SpoilsMapping;
        Conclude(Findings with { EarlyPackets = effect });
    }

    private void Conclude(FilteringFindings findings)
    {
        Findings = findings;
        IsDone = true;
        if (_testII is { } second) _transactions.Abandon(second);
        if (_testIII is { } third) _transactions.Abandon(third);
    }

    private StunTester Tester => new(_testI.Server, _other, Patience);

    private TimeSpan Patience => _testI.RoundTrip * 3 > MinPatience ? _testI.RoundTrip * 3 : MinPatience;

    private static bool Disobeyed(StunBinding test) => test.State is StunBindingState.Refused or StunBindingState.Misplaced;
}
