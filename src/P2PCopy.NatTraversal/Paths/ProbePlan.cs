namespace P2PCopy.NatTraversal.Paths;

/// <summary>One probe of a plan.</summary>
/// <param name="After">How long after the plan began.</param>
/// <param name="TimeToLive">The hop limit to send it with; 0 keeps the socket's own.</param>
internal readonly record struct ProbeStep(TimeSpan After, byte TimeToLive = 0);

/// <summary>When an address is probed: a row of steps that never ends, each later than the one before.</summary>
internal abstract class ProbePlan
{
    /// <summary>Until the peer is heard: at once, soon again, then at a steady pace for as long as the user waits.</summary>
    public static ProbePlan Fast { get; } = new FastPlan();

    /// <summary>Beside a path that works: five seconds in earnest, then now and then.</summary>
    public static ProbePlan Test { get; } = new TestPlan();

    /// <summary>When the peer has fallen silent: at a great pace, then at a steady one, then now and then.</summary>
    public static ProbePlan Search { get; } = new SearchPlan();

    /// <summary>One step, counted from 0.</summary>
    public abstract ProbeStep this[int index] { get; }

    private static TimeSpan Milliseconds(long milliseconds) => TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond);

    // PROTOCOL PATH-3.
    private sealed class FastPlan : ProbePlan
    {
        private const int Steady = 5;
        private const int Slow = 21;

        public override ProbeStep this[int index] => new(Milliseconds(index switch
        {
            0 => 0,
            1 => 100,
            2 => 300,
            3 => 700,
            4 => 1500,
            < Slow + 1 => 2000 + ((index - Steady) * 500L),
            _ => 10_000 + ((index - Slow) * 1000L),
        }));
    }

    // PROTOCOL PATH-8.
    private sealed class TestPlan : ProbePlan
    {
        private const int Earnest = 11;

        public override ProbeStep this[int index] =>
            index <= Earnest ? Fast[index] : new(Milliseconds(5000 + ((index - Earnest) * 60_000L)));
    }

    // PROTOCOL PATH-13.
    private sealed class SearchPlan : ProbePlan
    {
        private const int Quick = 30;
        private const int Steady = 234;

        public override ProbeStep this[int index] => new(Milliseconds(index switch
        {
            <= Quick => index * 100L,
            <= Quick + Steady => 3000 + ((index - Quick) * 500L),
            _ => 120_000 + ((index - Quick - Steady) * 5000L),
        }));
    }
}
