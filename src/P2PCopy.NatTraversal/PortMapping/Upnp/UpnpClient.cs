using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using P2PCopy.Datagrams;
using P2PCopy.NatTraversal.Tickets;

namespace P2PCopy.NatTraversal.PortMapping.Upnp;

/// <summary>
/// Asks a router for a port by UPnP. It says which HTTP request is next and takes its answer, one at a time; who carries them out
/// keeps the limits of time and size. Where a description is comes from <see cref="SsdpSearch"/>.
/// </summary>
internal sealed class UpnpClient : IMappingClient
{
    private const int OnlyPermanent = 725;
    private const int InvalidArguments = 402;
    private const int Conflict = 718;
    private const int ConflictWithOther = 729;
    private const int MostRandomPorts = 3;
    private const ushort LowestRandomPort = 1024;

    private readonly UdpEndpoint _gateway;
    private readonly UdpEndpoint _inside;
    private readonly IRandomBytes _random;
    private readonly GrantQueue _grants;
    private readonly SsdpSearch _search;
    private readonly Repeats _repeats = new();
    private readonly Queue<Uri> _locations = new();
    private readonly Queue<Uri> _silent = new();
    private readonly Queue<UpnpService> _services = new();
    private Step _step;
    private Step _repeated;
    private bool _inFlight;
    private bool _prepares;
    private bool _answered;
    private Uri? _describing;
    private UpnpService? _service;
    private ushort _external;
    private bool _added;
    private int _randomPorts;

    /// <summary>A client that has asked nothing yet.</summary>
    /// <param name="gateway">The router, any port.</param>
    /// <param name="inside">The address of this computer towards it, and the port that is to be reached.</param>
    /// <param name="random">Where other ports come from when ours is taken.</param>
    /// <param name="grants">Where the router's yes goes.</param>
    public UpnpClient(UdpEndpoint gateway, UdpEndpoint inside, IRandomBytes random, GrantQueue grants)
    {
        (_gateway, _inside, _random, _grants, _external) = (gateway, inside, random, grants, inside.Port);
        _search = new SsdpSearch(gateway);
    }

    private enum Step
    {
        None,
        Describe,
        AddAny,
        Add,
        GetAddress,
        Delete,
    }

    /// <inheritdoc/>
    public PortMappingProtocols Protocol => PortMappingProtocols.Upnp;

    /// <inheritdoc/>
    public MappingState State { get; private set; }

    /// <inheritdoc/>
    /// <remarks>Two requests by HTTP, which some routers write down each time: not before it must be.</remarks>
    public TimeSpan LongestTrust => MappingGrant.Longest;

    /// <summary>Answers to the search that were not the router's, or led elsewhere.</summary>
    public long Rejected => _search.Rejected;

    /// <inheritdoc/>
    public Instant NextTimeout => Instant.Min(_search.NextTimeout, _repeats.Next);

    /// <summary>Looks for the router; answers wait until it is asked.</summary>
    public void Search(Instant now) => _search.Start(now);

    /// <summary>Reads descriptions before it is asked, which takes most of the time; nothing is mapped by that.</summary>
    public void Prepare(Instant now)
    {
        _prepares = true;
        Advance(now);
    }

    /// <inheritdoc/>
    public void Ask(Instant now)
    {
        if (State is MappingState.Deleting or MappingState.Deleted || (_inFlight && State != MappingState.Idle)) return;
        State = MappingState.Asking;
        _repeats.Reset();
        if (_service is not null) _step = FirstStep(_service);
        Advance(now);
    }

    /// <inheritdoc/>
    public void Rest()
    {
        _search.Stop();
        _repeats.Reset();
        _locations.Clear();
        _silent.Clear();
        _services.Clear();
    }

    /// <inheritdoc/>
    public void Delete(Instant now)
    {
        if (State is MappingState.Deleting or MappingState.Deleted) return;
        Rest();
        State = MappingState.Deleting;

        // What is under way may still make a mapping; then it is taken back after that.
        if (!_inFlight) BeginDelete();
    }

    /// <summary>A datagram came that is none of the other protocols'.</summary>
    public void Handle(ReadOnlySpan<byte> datagram, UdpEndpoint remote, Instant now)
    {
        _search.Handle(datagram, remote);
        Advance(now);
    }

    /// <inheritdoc/>
    public void HandleTimeout(Instant now)
    {
        _search.HandleTimeout(now);
        if (_repeats.IsDue(now)) Repeat();
        Advance(now);
    }

    /// <inheritdoc/>
    public bool TryTransmit(Span<byte> buffer, Instant now, out Transmit transmit) => _search.TryTransmit(buffer, now, out transmit);

    /// <summary>Takes the next request, to be answered by <see cref="Answer"/> before there is another.</summary>
    public bool TryTakeRequest([NotNullWhen(true)] out UpnpRequest? request)
    {
        request = _inFlight ? null : _step switch
        {
            Step.Describe => UpnpRequest.Get(_describing!),
            Step.AddAny => UpnpRequest.Add(_service!, any: true, _external, _inside),
            Step.Add => UpnpRequest.Add(_service!, any: false, _external, _inside),
            Step.GetAddress => UpnpRequest.GetExternalAddress(_service!),
            Step.Delete => UpnpRequest.Delete(_service!, _external),
            _ => null,
        };
        _inFlight |= request is not null;

        // Even if no answer comes it may have been done.
        _added |= request is not null && _step is Step.AddAny or Step.Add;
        return request is not null;
    }

    /// <summary>A request was answered, or not.</summary>
    /// <param name="status">The HTTP status; 0 when there was no answer that may be read.</param>
    /// <param name="body">The body.</param>
    /// <param name="now">The time.</param>
    public void Answer(int status, ReadOnlySpan<byte> body, Instant now)
    {
        if (!_inFlight) return;
        _inFlight = false;
        var step = _step;
        _step = Step.None;
        _answered |= status > 0;
        var read = SoapAnswer.TryRead(body, out var answer);
        var done = status == 200 && read && answer.ErrorCode == 0;
        switch (step)
        {
            case Step.Delete:
                State = MappingState.Deleted;
                return;
            case Step.Describe:
                if (status == 200) Describe(body);
                else if (status == 0) _silent.Enqueue(_describing!);
                break;
            case not Step.None when status == 0 && State != MappingState.Deleting && _repeats.TryPlan(now):
                // It may be done all the same, so nothing else is tried and it will be taken back.
                _repeated = step;
                return;
            case Step.AddAny or Step.Add:
                if (done) Added(step, answer);
                else if (status > 0) NotAdded(step, read ? answer.ErrorCode : 0);
                else Rest();
                break;
            case Step.GetAddress:
                Addressed(done ? answer.Address : null);
                break;
        }

        if (State == MappingState.Deleting) BeginDelete();
        else Advance(now);
    }

    private static Step FirstStep(UpnpService service) => service.ChoosesPorts ? Step.AddAny : Step.Add;

    private void BeginDelete()
    {
        if (_added && _service is not null) _step = Step.Delete;
        else State = MappingState.Deleted;
    }

    // What is to be asked next, when nothing is.
    private void Advance(Instant now)
    {
        while (_search.TryTakeLocation(out var found)) _locations.Enqueue(found);
        if (_inFlight || _step != Step.None || (_repeats.IsPlanned && _repeated != Step.Describe)) return;
        if (State == MappingState.Idle && _prepares && _locations.TryDequeue(out _describing)) _step = Step.Describe;
        if (State is not (MappingState.Asking or MappingState.Unanswered or MappingState.Refused)) return;
        if (_services.TryDequeue(out var service))
        {
            (_service, State, _step, _external, _randomPorts) = (service, MappingState.Asking, FirstStep(service), _inside.Port, 0);
        }
        else if (_locations.TryDequeue(out var location))
        {
            (_describing, State, _step) = (location, MappingState.Asking, Step.Describe);
        }
        else if (_silent.Count > 0 && (_repeats.IsPlanned || _repeats.TryPlan(now)))
        {
            _repeated = Step.Describe;
        }
        else if (_answered || !_search.IsSearching)
        {
            // Should another description turn up later, it is looked at all the same.
            State = _answered ? MappingState.Refused : MappingState.Unanswered;
        }
    }

    private void Repeat()
    {
        if (_repeated != Step.Describe) _step = _repeated;
        while (_silent.TryDequeue(out var location)) _locations.Enqueue(location);
    }

    private void Describe(ReadOnlySpan<byte> document)
    {
        foreach (var service in DeviceDescription.Read(document, _describing!, _gateway)) _services.Enqueue(service);
    }

    private void Added(Step step, in SoapAnswer answer)
    {
        if (step == Step.AddAny && answer.Port > 0) _external = answer.Port;
        _step = Step.GetAddress;
    }

    private void NotAdded(Step step, int error)
    {
        // PROTOCOL MAP-15.
        _added = false;
        if (error is OnlyPermanent or InvalidArguments) return;
        if (step == Step.AddAny) _step = Step.Add;
        else if (error is not (Conflict or ConflictWithOther)) _step = Step.GetAddress;
        else if (_randomPorts++ < MostRandomPorts) (_external, _step) = (RandomPort(), step);
    }

    private void Addressed(UdpEndpoint? address)
    {
        // A router that has no address of the internet has a reason to refuse.
        if (!_added)
        {
            if (State != MappingState.Deleting && (address is not { } own || !AddressKind.IsPublicIPv4(own))) State = MappingState.SecondNat;
            return;
        }

        // Without the address the port is good for nothing.
        if (address is not { } outside || !AddressKind.CanBePeer(outside.WithPort(_external)))
        {
            if (State != MappingState.Deleting) State = MappingState.Refused;
            return;
        }

        _search.Stop();
        _grants.Add(this, new MappingGrant(outside.WithPort(_external), MappingGrant.Asked));
        if (State != MappingState.Deleting) State = MappingState.Granted;
    }

    private ushort RandomPort()
    {
        Span<byte> bytes = stackalloc byte[2];
        do _random.Fill(bytes);
        while (BinaryPrimitives.ReadUInt16BigEndian(bytes) < LowestRandomPort);
        return BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }
}
