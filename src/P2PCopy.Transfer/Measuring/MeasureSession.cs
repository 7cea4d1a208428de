using System.Diagnostics;
using P2PCopy.Datagrams;
using P2PCopy.Transfer.Tree;
using P2PCopy.Transfer.Tree.Messages;

namespace P2PCopy.Transfer.Measuring;

/// <summary>
/// Either side of a measured path as a machine: the greetings, bytes for some seconds from the side that measures, then for as long from
/// the one that waited. Bytes go in by <see cref="Push"/> and come out by <see cref="Take"/>. Nothing that flows is kept.
/// </summary>
/// <param name="measures">Whether this side measures; the other one waits.</param>
/// <param name="each">How long to send each way, in whole seconds; who waits is told.</param>
internal sealed class MeasureSession(bool measures, TimeSpan each) : ISession
{
    /// <summary>Seconds that may be asked for.</summary>
    public const int MostSeconds = 60;

    /// <summary>Room for any message that <see cref="Take"/> writes.</summary>
    public const int MessageRoom = MessageHeader.Bytes + ChunkHead.Bytes + ChunkBytes;

    private const int ChunkBytes = 256 << 10;
    private const int LeastChunkBytes = 16 << 10;

    /// <summary>What may be under way when the time is over needs some more; nobody receives for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SessionVoice _voice = new(MeasureRoles.Hello(measures));
    private readonly MessageAssembler _in = new();
    private readonly FlowPace _pace = new();
    private readonly FlowMeter _meter = new();
    private readonly List<TimeSpan> _roundTrips = [];
    private TimeSpan _each = each;
    private StopMessage _stop;
    private Phase _phase;
    private bool _measureTaken;
    private bool _reportDue;
    private bool _stopTaken;
    private (long Sent, long Again) _packets;
    private (long Sent, long Again) _packetsBefore;
    private int _chunkRest;
    private Instant? _since;
    private long _sent;
    private long _written;
    private long _acknowledgedBefore;
    private long _acknowledged;

    private enum Phase
    {
        Greeting,
        FromMeasurer,
        FromWaiter,
    }

    /// <summary>Why and how it is over, or null while something is left to do.</summary>
    public Ending? Ending => _voice.Ending;

    /// <summary>Whether it ends as soon as the peer has been told why.</summary>
    public bool IsGivingUp => !_voice.IsOpen && _voice.Ending is null;

    /// <summary>Whether bytes flow to the peer now.</summary>
    public bool IsSending => _voice.IsOpen && _phase == (measures ? Phase.FromMeasurer : Phase.FromWaiter);

    /// <summary>What flowed to the peer, when that is over.</summary>
    public MeasuredFlow? Sent { get; private set; }

    /// <summary>What flowed from the peer, when that is over.</summary>
    public MeasuredFlow? Received { get; private set; }

    /// <summary>Where it is; null while nothing flows.</summary>
    public MeasureProgress? Position(Instant now) => !_voice.IsOpen || !_measureTaken || _since is not { } since ? null
        : new MeasureProgress(IsSending, IsSending ? Math.Max(0, _acknowledged - _acknowledgedBefore) : _meter.Bytes, now - since, _each);

    /// <summary>How the path does, asked now and then: what comes while bytes flow to the peer counts.</summary>
    /// <param name="roundTrip">The round trip; zero when it is not known.</param>
    /// <param name="sent">Packets of data that have left since the beginning, again or for the first time.</param>
    /// <param name="again">Those of them that left again.</param>
    public void Observe(TimeSpan roundTrip, long sent, long again)
    {
        _packets = (sent, again);
        if (_sent > 0 && !_stopTaken && roundTrip > TimeSpan.Zero) _roundTrips.Add(roundTrip);
    }

    /// <summary>Takes bytes of the peer.</summary>
    public void Push(ReadOnlySpan<byte> bytes, Instant now)
    {
        while (_voice.IsOpen && (!bytes.IsEmpty || _in.HasMessage))
        {
            if (_chunkRest > 0)
            {
                var count = Math.Min(_chunkRest, bytes.Length);
                _meter.Add(count, now);
                _chunkRest -= count;
                bytes = bytes[count..];
                continue;
            }

            bytes = bytes[_in.Push(bytes)..];
            if (_in.Fault is { } fault) _voice.Fail(MeasureEndings.Misbehaved(fault));
            else if (_in.HasMessage) Hear();
            else return;
        }
    }

    /// <summary>
    /// Writes what is to be sent next and returns its length, or 0. Of a flow only what stands before its bytes is written: whatever the
    /// destination holds behind that flows. When it is out comes <see cref="WasSent"/>.
    /// </summary>
    /// <param name="destination">Where to; <see cref="MessageRoom"/> bytes.</param>
    /// <param name="acknowledged">Bytes of this side that the peer's transport has acknowledged since the beginning.</param>
    /// <param name="now">The time.</param>
    public int Take(Span<byte> destination, long acknowledged, Instant now)
    {
        Debug.Assert(destination.Length >= MessageRoom, "there is room for any message");
        _acknowledged = acknowledged;
        var length = _voice.Take(destination);
        if (length == 0 && _voice.IsOpen) length = TakeOwn(destination, now);
        _written += length;
        return length;
    }

    /// <summary>What <see cref="Take"/> gave is out.</summary>
    public void WasSent() => _voice.Sent();

    /// <summary>Time passed.</summary>
    public void HandleTimeout(Instant now)
    {
        if (_voice.IsOpen && _since is { } since && now - since > _each + Patience) _voice.Fail(MeasureEndings.Misbehaved("It does not come to an end."));
    }

    /// <summary>The peer closed the connection in good order.</summary>
    public void PeerClosed() => _voice.End(MeasureEndings.Closed);

    /// <summary>This side gives up: the peer is told before it ends.</summary>
    public void Fail(Ending ending) => _voice.Fail(ending);

    /// <summary>Something ends it without a word to the peer.</summary>
    public void End(Ending ending) => _voice.End(ending);

    private int TakeOwn(Span<byte> destination, Instant now)
    {
        if (_phase == Phase.Greeting) return 0;
        if (measures && !_measureTaken)
        {
            _measureTaken = true;
            return MessageHeader.WriteMessage(destination, MessageType.Measure, new MeasureMessage((ushort)_each.TotalSeconds));
        }

        _since ??= now;
        if (_reportDue) return TakeReport(destination);
        return IsSending && !_stopTaken ? TakeFlow(destination, now) : 0;
    }

    private int TakeFlow(Span<byte> destination, Instant now)
    {
        if (_sent == 0) (_acknowledgedBefore, _packetsBefore) = (_acknowledged, _packets);
        if (now - _since!.Value >= _each)
        {
            // PROTOCOL MEAS-3.
            _stopTaken = true;
            _stop = StopMessage.Of(_sent, _roundTrips, _packets.Sent - _packetsBefore.Sent, _packets.Again - _packetsBefore.Again);
            return MessageHeader.WriteMessage(destination, MessageType.Stop, _stop);
        }

        var length = (int)Math.Min(ChunkBytes, _pace.Allows(_acknowledged, now) - (_written - _acknowledged));
        if (length < LeastChunkBytes) return 0;
        new MessageHeader(MessageType.Chunk, ChunkHead.Bytes + length).Write(destination);
        new ChunkHead(0, (ulong)_sent).Write(destination[MessageHeader.Bytes..]);
        _sent += length;
        return MessageHeader.Bytes + ChunkHead.Bytes + length;
    }

    private int TakeReport(Span<byte> destination)
    {
        _reportDue = false;
        var total = _meter.Total;
        Received = MeasuredFlow.From(_stop, total);
        if (measures) _voice.EndWhenSent(MeasureEndings.Done);
        else Enter(Phase.FromWaiter);
        return MessageHeader.WriteMessage(destination, MessageType.Flowed, total);
    }

    private void Hear()
    {
        var type = _in.Type;
        var receives = _phase == (measures ? Phase.FromWaiter : Phase.FromMeasurer) && !_reportDue;
        // PROTOCOL MEAS-2.
        var inPlace = type switch
        {
            MessageType.Hello => _phase == Phase.Greeting,
            MessageType.Measure => !measures && receives && !_measureTaken,
            MessageType.Chunk or MessageType.Stop => receives && _measureTaken,
            MessageType.Flowed => IsSending && _stopTaken,
            _ => type == MessageType.Abort,
        };
        var readable = inPlace && type switch
        {
            MessageType.Hello => HearHello(),
            MessageType.Measure => HearMeasure(),
            MessageType.Chunk => HearChunk(),
            MessageType.Stop => HearStop(),
            MessageType.Flowed => HearFlowed(),
            _ => HearAbort(),
        };
        if (!inPlace) _voice.Fail(MeasureEndings.Misbehaved("It sent something where that may not come."));
        else if (!readable) _voice.Fail(MeasureEndings.Misbehaved("It sent something that cannot be read."));
        _in.Next();
    }

    private bool HearHello()
    {
        if (!HelloMessage.TryRead(_in.Body, out var hello)) return false;
        if (MeasureRoles.Judge(hello, measures) is { } misfit) _voice.Fail(misfit);
        else _phase = Phase.FromMeasurer;
        return true;
    }

    private bool HearMeasure()
    {
        if (!MeasureMessage.TryRead(_in.Body, out var measure)) return false;
        _each = TimeSpan.FromSeconds(measure.Seconds);
        _measureTaken = true;
        return true;
    }

    private bool HearChunk()
    {
        if (!ChunkHead.TryRead(_in.Body, out var head) || head.Entry != 0 || head.Offset != (ulong)_meter.Bytes) return false;
        _chunkRest = _in.ChunkBytes;
        return true;
    }

    private bool HearStop()
    {
        if (!StopMessage.TryRead(_in.Body, out _stop) || _stop.Bytes != (ulong)_meter.Bytes) return false;
        _reportDue = true;
        return true;
    }

    private bool HearFlowed()
    {
        if (!FlowedMessage.TryRead(_in.Body, out var flowed) || flowed.Bytes != (ulong)_sent) return false;
        Sent = MeasuredFlow.From(_stop, flowed);
        if (measures) Enter(Phase.FromWaiter);
        else _voice.End(MeasureEndings.Done);
        return true;
    }

    private bool HearAbort()
    {
        if (!AbortMessage.TryRead(_in.Body, out var abort)) return false;
        _voice.End(MeasureEndings.Aborted(abort));
        return true;
    }

    private void Enter(Phase phase)
    {
        _phase = phase;
        _since = null;
    }
}
