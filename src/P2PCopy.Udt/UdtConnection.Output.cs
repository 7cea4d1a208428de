using P2PCopy.Datagrams;
using P2PCopy.Udt.Sending;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt;

/// <summary>Packets out: handshakes first, then control, then data.</summary>
public sealed partial class UdtConnection
{
    private const int ShutdownCopies = 3;
    private const int MostAck2 = 16;

    private readonly SequenceNumber[] _ack2 = new SequenceNumber[MostAck2];
    private uint _cookie;
    private int _ack2Count;
    private int _shutdowns;
    private bool _responseDue;
    private bool _agreementDue;
    private bool _keepAliveDue;
    private bool _finalAckDue;

    /// <summary>The client repeats its conclusion: our response was lost.</summary>
    internal void RepeatResponse() => _responseDue = true;

    /// <summary>Writes the next packet that may leave now; 0 when none may.</summary>
    internal int Transmit(Span<byte> buffer, Instant now) => State switch
    {
        UdtState.Connecting => _handshake!.NextSend <= now ? _handshake.Write(buffer, now) : 0,
        UdtState.Closed => TransmitShutdown(buffer, now),
        _ => TransmitHandshake(buffer, now) is > 0 and var handshake ? handshake
            : TransmitControl(buffer, now) is > 0 and var control ? control
            : TransmitData(buffer, now),
    };

    private int TransmitHandshake(Span<byte> buffer, Instant now)
    {
        if (_responseDue)
        {
            _responseDue = false;
            return _local.Write(buffer, RequestType.Conclusion, _peer.SocketId, _cookie, Remote);
        }

        if (_agreementDue)
        {
            _agreementDue = false;
            return _local.WriteRendezvous(buffer, RequestType.Agreement, _peer.SocketId, Remote);
        }

        if (!_timers.Expired(Timer.ConclusionRepeat, now)) return 0;

        // PROTOCOL RDV-9. Until the peer proves to be connected it may still wait for this.
        _timers[Timer.ConclusionRepeat] = now + UdtTimes.HandshakeRepeat;
        _keepAliveDue = true;
        return _local.WriteRendezvous(buffer, RequestType.Conclusion, _peer.SocketId, Remote);
    }

    private int TransmitControl(Span<byte> buffer, Instant now)
    {
        if (_keepAliveDue)
        {
            _keepAliveDue = false;
            return Signal(buffer, ControlType.KeepAlive, 0);
        }

        if (_ack2Count > 0) return Signal(buffer, ControlType.Ack2, _ack2[--_ack2Count].Value);
        if (_receiver!.TryWriteNak(buffer, _peer.SocketId, _sender!.Buffer.PayloadBytes + PacketHeader.Length, now, out var nak)) return nak;
        return _receiver.TryWriteAck(buffer, _peer.SocketId, _sender.Buffer.PayloadBytes + PacketHeader.Length, now, out var ack) ? ack : 0;
    }

    private int TransmitData(Span<byte> buffer, Instant now)
    {
        // PROTOCOL RDV-10.
        if (_timers[Timer.FirstDataHold] != Instant.Never) return 0;
        if (_sender!.TryTakeNext(now, out var index)) return Data(buffer, index, now);
        return _sender.TakeProbe(now, out index) switch
        {
            SendProbeAction.Poke => Signal(buffer, ControlType.KeepAlive, 0),
            SendProbeAction.ResendNewest => Data(buffer, index, now),
            _ => 0,
        };
    }

    private int Data(Span<byte> buffer, long index, Instant now)
    {
        var payload = _sender!.Buffer.Read(index, out var message);
        return new DataPacket
        {
            Sequence = _sender.NumberOf(index),
            Message = message,
            Timestamp = TimestampOf(now),
            Destination = _peer.SocketId,
            Payload = payload,
        }.Write(buffer);
    }

    private uint TimestampOf(Instant now) => (uint)(now.Microseconds - _start.Microseconds);

    private int TransmitShutdown(Span<byte> buffer, Instant now)
    {
        if (_timers[Timer.Shutdown] > now) return 0;
        if (_finalAckDue)
        {
            // What has arrived is confirmed before we go, or the peer would count it as lost.
            _finalAckDue = false;
            return _receiver!.WriteFullAck(buffer, _peer.SocketId, _sender!.Buffer.PayloadBytes + PacketHeader.Length, now);
        }

        _timers.Stop(Timer.Shutdown);

        // PROTOCOL UDT-21. It is never confirmed, so a few copies go out; a lost shutdown costs the peer 46 s.
        if (--_shutdowns > 0) _timers[Timer.Shutdown] = now + UdtTimes.Syn;
        return Signal(buffer, ControlType.Shutdown, 0);
    }

    // PROTOCOL UDT-22.
    private bool AnswersShutdowns => _local.AgreesOnReports(_peer);

    private void AnswerShutdown(Instant now)
    {
        _shutdowns = 1;
        _timers[Timer.Shutdown] = now;
    }

    private void StopShutdowns()
    {
        // The peer waits for one of ours, too, and none may have left yet.
        _shutdowns = _shutdowns == ShutdownCopies ? 1 : 0;
        if (_shutdowns == 0) _timers.Stop(Timer.Shutdown);
    }

    private void RepeatShutdown(Instant now)
    {
        if (CloseReason is not (CloseReason.ClosedLocally or CloseReason.LingerExpired or CloseReason.Aborted)) return;
        if (_peer.SocketId == 0 || _shutdowns > 0) return;
        _shutdowns = 1;
        _timers[Timer.Shutdown] = now + UdtTimes.Syn;
    }

    private void QueueAck2(SequenceNumber number)
    {
        if (_ack2Count == MostAck2) Array.Copy(_ack2, 1, _ack2, 0, --_ack2Count);
        _ack2[_ack2Count++] = number;
    }

    private int Signal(Span<byte> buffer, ControlType type, uint info) =>
        new SignalPacket { Type = type, Info = info, Destination = _peer.SocketId }.Write(buffer);
}
