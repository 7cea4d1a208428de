using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Paths;
using P2PCopy.NatTraversal.Tickets;
using P2PCopy.Simulation;

namespace P2PCopy.Tests.Paths;

/// <summary>One machine on a clock of the test's, with a peer that the test plays.</summary>
internal sealed class PathBench
{
    public static readonly UdpEndpoint Lan = Endpoint("192.168.1.23:4300");
    public static readonly UdpEndpoint V6 = Endpoint("[2a00:7::2]:4300");
    public static readonly UdpEndpoint Mapped = Endpoint("25.7.1.2:40000");
    public static readonly UdpEndpoint Reflexive = Endpoint("25.7.1.2:4300");
    public static readonly UdpEndpoint Stranger = Endpoint("25.9.9.9:999");
    public static readonly UdpEndpoint Self = Endpoint("25.8.1.1:5000");

    private readonly List<Answer> _answers = [];

    public PathBench() => Paths = new PeerPaths(new SeededRandom(7), Now);

    public PeerPaths Paths { get; }

    public Instant Now { get; private set; } = new(1_000_000);

    /// <summary>All that was to be sent, with its time since the start of the test.</summary>
    public List<(TimeSpan At, PathMessage Message)> Sent { get; } = [];

    public List<PathEvent> Events { get; } = [];

    /// <summary>Addresses at which the peer answers, and after how long.</summary>
    public Dictionary<UdpEndpoint, TimeSpan> Reachable { get; } = [];

    /// <summary>The longest PING that comes through.</summary>
    public int Mtu { get; set; } = 1500;

    /// <summary>Whether NOMINATE is answered.</summary>
    public bool AnswersNominations { get; set; } = true;

    public static Candidate Told(UdpEndpoint endpoint) => new(
        endpoint == Lan ? CandidateKind.Host
        : endpoint == V6 ? CandidateKind.HostV6
        : endpoint == Mapped ? CandidateKind.Mapped : CandidateKind.Reflexive, endpoint);

    public static UdpEndpoint Endpoint(string text) =>
        UdpEndpoint.TryParse(text, out var endpoint) ? endpoint : throw new ArgumentException(text);

    public void Tell(params UdpEndpoint[] endpoints)
    {
        Paths.SetPeerCandidates([.. endpoints.Select(Told)], Now);
        Drain();
    }

    /// <summary>A session that the peer's answer from there completed.</summary>
    public PathBench Begin(bool isInitiator, UdpEndpoint remote)
    {
        Paths.SessionBegan(isInitiator, remote, 128, Now);
        Drain();
        return this;
    }

    /// <summary>The peer's data comes from there.</summary>
    public void Data(UdpEndpoint remote, int bytes = 1472)
    {
        Paths.Received(remote, bytes, isNewest: true, isTransport: true, Now);
        Drain();
    }

    public void SendData()
    {
        if (Paths.HasCurrent) Paths.DataSent(1472, Now);
        Drain();
    }

    public void Command(Action<PeerPaths> command)
    {
        command(Paths);
        Drain();
    }

    public void Run(double seconds)
    {
        var end = Now + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            var next = Instant.Min(Paths.NextTimeout, _answers.Count == 0 ? Instant.Never : _answers.Min(answer => answer.Due));
            if (next > end) break;
            Now = Instant.Max(Now, next);
            if (_answers.FindIndex(answer => answer.Due <= Now) is >= 0 and var index) Deliver(index);
            else Paths.HandleTimeout(Now);
            Drain();
            Assert.True(Paths.NextTimeout > Now || _answers.Exists(answer => answer.Due <= Now), "it spins");
        }

        Now = end;
    }

    /// <summary>The times at which this kind went there, in milliseconds.</summary>
    public double[] Times(PathMessageKind kind, UdpEndpoint to) =>
        [.. Sent.Where(sent => sent.Message.Kind == kind && sent.Message.Destination == to).Select(sent => sent.At.TotalMilliseconds)];

    private void Drain()
    {
        for (var round = 0; ; round++)
        {
            while (Paths.TryNext(Now, out var message)) Note(message);
            while (Paths.TryReadEvent(out var happened)) Events.Add(happened);
            if (Paths.NextTimeout > Now) return;
            Assert.True(round < 8, "it spins");
            Paths.HandleTimeout(Now);
        }
    }

    private void Note(PathMessage message)
    {
        Sent.Add((Now - new Instant(1_000_000), message));
        if (!Reachable.TryGetValue(message.Destination, out var roundTrip)) return;
        if (message.Kind == PathMessageKind.Nominate && !AnswersNominations) return;
        if (message.PadTo + 28 <= Mtu || !message.DontFragment) _answers.Add(new Answer(Now + roundTrip, message));
    }

    private void Deliver(int index)
    {
        var message = _answers[index].Message;
        _answers.RemoveAt(index);
        var from = message.Destination;
        if (message is { Kind: PathMessageKind.Pong } or { IsAnswer: true } || !Reachable.ContainsKey(from)) return;
        var bytes = Math.Max(message.PadTo, 60);
        if (message.Kind != PathMessageKind.Handshake) Paths.Received(from, bytes, isNewest: true, isTransport: false, Now);
        if (message.Kind == PathMessageKind.Ping) Paths.PongReceived(from, message.Challenge, Self, bytes, Now);
        if (message.Kind == PathMessageKind.Nominate) Paths.NominationAnswered(message.Generation);
        if (message.Kind == PathMessageKind.Candidates) Paths.CandidatesAnswered(message.Generation);
    }

    private sealed record Answer(Instant Due, PathMessage Message);
}
