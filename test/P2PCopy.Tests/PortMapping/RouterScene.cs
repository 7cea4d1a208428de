using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.PortMapping;

namespace P2PCopy.Tests.PortMapping;

/// <summary>A mapper and its router on a quiet network, in virtual time.</summary>
internal sealed class RouterScene
{
    private readonly PriorityQueue<Action, (Instant At, int Order)> _under = new();
    private int _order;

    public RouterScene(PortMappingProtocols allowed = PortMappingProtocols.All)
    {
        Mapper = new PortMapper(allowed, SimRouter.Address, SimRouter.Inside, new CountingRandom());
    }

    public SimRouter Router { get; } = new();

    public PortMapper Mapper { get; }

    public Instant Now { get; private set; } = Instant.Zero;

    /// <summary>What was told, and when.</summary>
    public List<(Instant At, PortMappingReport Report)> Told { get; } = [];

    /// <summary>Whether nothing comes through any more.</summary>
    public bool IsCut { get; set; }

    /// <summary>Whether anything was asked by HTTP, arrived or not.</summary>
    public bool HasBegunRequest { get; private set; }

    public PortMappingReport? Last => Told.Count > 0 ? Told[^1].Report : null;

    /// <summary>Starts and lets some time pass.</summary>
    public RouterScene Start(TimeSpan time = default)
    {
        Mapper.Start(Now);
        return Pass(time);
    }

    /// <summary>Lets some time pass.</summary>
    public RouterScene Pass(TimeSpan time)
    {
        var end = Now + time;
        while (true)
        {
            Step();
            var next = Instant.Min(Mapper.NextTimeout, _under.TryPeek(out _, out var first) ? first.At : Instant.Never);
            if (next > end) break;
            Now = Instant.Max(Now, next);
            while (_under.TryPeek(out _, out var due) && due.At <= Now) _under.Dequeue()();
            Mapper.HandleTimeout(Now);
        }

        Now = end;
        return this;
    }

    public RouterScene Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>Takes everything back, as far as time allows.</summary>
    public RouterScene Close()
    {
        Mapper.Close(Now);
        return Pass(PortMapper.ForFarewell);
    }

    /// <summary>A datagram from anywhere.</summary>
    public void Inject(ReadOnlySpan<byte> datagram, UdpEndpoint from)
    {
        if (Mapper.Accepts(datagram, from)) Mapper.Handle(datagram, from, Now);
        Step();
    }

    /// <summary>When something was first asked.</summary>
    public double FirstAsked(string what) => (Router.Heard.First(heard => heard.What == what).At - Instant.Zero).TotalMilliseconds - Router.Delay.TotalMilliseconds;

    public bool HasAsked(string what) => Router.Heard.Any(heard => heard.What == what);

    private void Step()
    {
        Span<byte> buffer = stackalloc byte[1500];
        while (Mapper.TryTransmit(buffer, Now, out var transmit))
        {
            var datagram = buffer[..transmit.Length].ToArray();
            Later(() =>
            {
                if (Router.Handle(datagram, transmit.Destination, Now) is { } answer)
                    Later(() => Mapper.Handle(answer.Answer, SimRouter.Address.WithPort(answer.From), Now));
            });
        }

        if (Mapper.TryTakeRequest(out var request))
        {
            HasBegunRequest = true;
            Later(() =>
            {
                var (status, body) = Router.Handle(request, Now);
                Later(() => Mapper.Answer(status, body, Now));
            });
        }

        while (Mapper.TryReadReport(out var report)) Told.Add((Now, report));
    }

    private void Later(Action action)
    {
        if (!IsCut) _under.Enqueue(action, (Now + Router.Delay, _order++));
    }

    // Another value each time, so that a second nonce would show.
    private sealed class CountingRandom : IRandomBytes
    {
        private byte _next = 1;

        public void Fill(Span<byte> destination)
        {
            foreach (ref var one in destination) one = _next++;
        }
    }
}
