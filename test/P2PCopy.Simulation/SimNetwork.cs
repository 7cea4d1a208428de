using System.Globalization;
using System.Text;
using P2PCopy.Datagrams;

namespace P2PCopy.Simulation;

/// <summary>
/// A network in virtual time: links, NATs and hosts whose whole life is a function of one seed. An hour of it takes as long as its
/// datagrams take to compute.
/// </summary>
/// <example><code>
/// using var net = new SimNetwork(seed);
/// var (alice, bob) = net.Peers(NatBehavior.PortRestrictedCone, NatBehavior.FullCone, LinkProfile.Dsl);
/// alice.Bind(5000, machine);
/// net.RunUntil(() => machine.IsDone, limit: TimeSpan.FromMinutes(10));   // virtual minutes
/// </code></example>
public sealed partial class SimNetwork : IDisposable
{
    private const int MaxStepsPerInstant = 1_000_000;

    private readonly TimeHeap<IScheduled> _schedule = new();
    private readonly List<SimSocket> _sockets = [];
    private readonly List<LinkPort> _ports = [];
    private readonly Instant _start;
    private readonly DateTimeOffset _wallStart;
    private SimulationException? _failure;
    private int _stepsAtThisInstant;

    /// <summary>An empty network.</summary>
    /// <param name="seed">Decides all that is left to chance.</param>
    public SimNetwork(ulong seed)
    {
        Seed = seed;
        var random = RandomFor("clock");

        // Far from any clock that a machine could peek at: between a day and ten years of uptime, in any year of three decades.
        _start = Now = new Instant(random.Between(86_400_000_000L, 315_576_000_000_000L));
        _wallStart = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromSeconds(random.Between(0, 946_728_000));
        Internet = new SimInternet(this);
    }

    /// <summary>The seed, to see the same run again.</summary>
    public ulong Seed { get; }

    /// <summary>The virtual time.</summary>
    public Instant Now { get; private set; }

    /// <summary>Virtual time since the network was made.</summary>
    public TimeSpan Elapsed => Now - _start;

    /// <summary>The true wall-clock time in this network.</summary>
    public DateTimeOffset UtcNow => _wallStart + Elapsed;

    /// <summary>Steps made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The public part of the network.</summary>
    public SimInternet Internet { get; }

    /// <summary>What must hold after every step.</summary>
    public IList<Invariant> Invariants { get; } = [];

    /// <summary>Called after every step with the virtual time.</summary>
    public Action<Instant>? AfterStep { get; set; }

    /// <summary>
    /// Sees each datagram that leaves a host and says whether it gets lost: for tests about a certain datagram, or about all of them.
    /// </summary>
    public Func<SimDatagram, bool>? Loses { get; set; }

    /// <summary>What happened last.</summary>
    public Trace Trace { get; } = new();

    internal DatagramPool Pool { get; } = new();

    /// <summary>A source of chance for one part, derived from the seed and the name alone.</summary>
    public SeededRandom RandomFor(string name) => SeededRandom.For(Seed, name);

    /// <summary>Makes the next event happen. <see langword="false"/>: there is none, nor will there be.</summary>
    public bool Step()
    {
        var at = _schedule.Next;
        if (!_schedule.TryPop(at, out var next)) return false;
        _stepsAtThisInstant = at == Now ? _stepsAtThisInstant + 1 : 0;
        Now = at;
        Steps++;
        try
        {
            next.Fire(at);
            AfterStep?.Invoke(at);
        }
        catch (Exception error) when (error is not SimulationException)
        {
            throw Fail($"{error.GetType().Name}: {error.Message}", error);
        }

        for (var i = 0; i < Invariants.Count; i++)
            if (!Invariants[i].Holds()) throw Fail($"no longer true: {Invariants[i].Name}");
        if (_stepsAtThisInstant > MaxStepsPerInstant) throw Fail("time stands still: the parts answer each other without delay for ever");
        return true;
    }

    /// <summary>Runs until the goal is reached, which is looked at after each step.</summary>
    /// <param name="done">Whether it is reached.</param>
    /// <param name="limit">Virtual time from now after which it counts as missed.</param>
    /// <exception cref="SimulationException">The goal was missed or a rule broken; the message has the seed and what happened last.</exception>
    public void RunUntil(Func<bool> done, TimeSpan limit)
    {
        var deadline = Now + limit;
        DrainAll();
        while (!done())
        {
            if (_schedule.Count == 0) throw Fail("the goal is not reached and nothing is left to happen");
            if (_schedule.Next > deadline) throw Fail($"the goal is not reached within {Seconds(limit)}");
            Step();
        }
    }

    /// <summary>Runs for a virtual time, whatever happens.</summary>
    public void RunFor(TimeSpan time)
    {
        var end = Now + time;
        DrainAll();
        while (_schedule.Next <= end) Step();
        Now = end;
    }

    /// <summary>Does something at a virtual time: cut a link, restart a NAT, start the second peer.</summary>
    public void At(TimeSpan fromNow, Action action) => Schedule(Now + fromNow, new ScheduledAction(action));

    /// <summary>A datagram appears in the internet, whoever sent it and whatever it says where it comes from.</summary>
    public void Inject(UdpEndpoint source, UdpEndpoint destination, ReadOnlySpan<byte> payload)
    {
        var datagram = Pool.Rent(payload.Length);
        payload.CopyTo(datagram.Buffer);
        (datagram.Length, datagram.HeaderBytes, datagram.TimeToLive) = (payload.Length, source.IsIPv4 ? 28 : 48, SimDatagram.DefaultTimeToLive);
        (datagram.Source, datagram.Destination) = (source, destination);
        Internet.ArriveFromBelow(datagram);
    }

    /// <summary>Makes the failure of this simulation with its seed, time and last events.</summary>
    public SimulationException Fail(string reason, Exception? cause = null)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{reason} (seed {Seed}, virtual time {Seconds(Elapsed)}, step {Steps})");
        foreach (var port in _ports) text.AppendLine(CultureInfo.InvariantCulture, $"link {port.Name}: {port.Link.Profile}; {port.Link.Counters}");
        text.AppendLine("last events:").Append(Trace.Format(_start));
        return _failure = new SimulationException(text.ToString(), cause);
    }

    /// <summary>Ends the simulation. Unless it failed, every datagram must have been handed on or back.</summary>
    public void Dispose()
    {
        foreach (var port in _ports) port.Link.Clear();
        System.Diagnostics.Debug.Assert(_failure is not null || Pool.Outstanding == 0, $"{Pool.Outstanding} datagrams were lost track of");
    }

    internal void Schedule(Instant at, IScheduled what) => _schedule.Push(Instant.Max(at, Now), what);

    internal void Add(SimSocket socket) => _sockets.Add(socket);

    internal void Remove(SimSocket socket) => _sockets.Remove(socket);

    // A test commands its machines between runs; nobody but the start of the next run tells them apart from idle ones.
    private void DrainAll()
    {
        foreach (var socket in _sockets.ToArray()) socket.Step();
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.######} s");

    private sealed class ScheduledAction(Action action) : IScheduled
    {
        public void Fire(Instant at) => action();
    }
}
