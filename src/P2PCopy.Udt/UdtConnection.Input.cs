using P2PCopy.Datagrams;
using P2PCopy.Udt.Handshake;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Udt;

/// <summary>Packets in. Whatever is malformed, out of window or contradicts the connection is counted and dropped.</summary>
public sealed partial class UdtConnection
{
    private long _acksReceived;
    private long _naksReceived;
    private long _invalid;
    private bool _proven;

    /// <summary>A packet from the peer's address, for this connection's id or a handshake for id 0.</summary>
    internal void Handle(ReadOnlySpan<byte> datagram, in PacketHeader header, Instant now)
    {
        var isHandshake = header.IsControl && header.Type == ControlType.Handshake;
        switch (State)
        {
            case UdtState.Connecting when isHandshake:
                if (!HandshakePacket.TryRead(datagram, out var handshake)) _invalid++;
                else Progress(_handshake!.Handle(handshake, now), now);
                break;

            case UdtState.Connecting:
                // PROTOCOL RDV-7. Only a handshake or a peer that already sends can bring us further; anything else is somebody's noise.
                Progress(_handshake!.HandleTraffic(header.IsControl ? header.Type : null), now);
                if (State != UdtState.Connecting) HandleConnected(datagram, header, now);
                break;

            case UdtState.Connected or UdtState.Lingering when isHandshake:
                HandleLateHandshake(datagram, now);
                break;

            case UdtState.Connected or UdtState.Lingering:
                HandleConnected(datagram, header, now);
                break;

            default:
                // A peer that still talks has missed our shutdown; one that says the same needs no more copies of it.
                if (isHandshake) break;
                if (!header.IsControl || header.Type != ControlType.Shutdown) RepeatShutdown(now);
                else if (AnswersShutdowns) StopShutdowns();
                break;
        }
    }

    private void Progress(HandshakeProgress progress, Instant now)
    {
        switch (progress)
        {
            case HandshakeProgress.Completed:
                Establish(_handshake!.Peer, now);
                break;
            case HandshakeProgress.Rejected:
                End(CloseReason.Rejected, now);
                break;
            case HandshakeProgress.Ignored:
                _invalid++;
                break;
        }
    }

    private void HandleConnected(ReadOnlySpan<byte> datagram, in PacketHeader header, Instant now)
    {
        Heard(now);
        Proven();
        var valid = header.IsControl ? HandleControl(datagram, header.Type, now) : HandleData(datagram, now);
        if (!valid) _invalid++;
        if (State == UdtState.Lingering) FinishLinger(now);
    }

    private bool HandleData(ReadOnlySpan<byte> datagram, Instant now) =>
        DataPacket.TryRead(datagram, out var data) && _receiver!.OnData(data, now);

    private bool HandleControl(ReadOnlySpan<byte> datagram, ControlType type, Instant now)
    {
        switch (type)
        {
            case ControlType.Ack:
                _acksReceived++;
                if (!AckPacket.TryRead(datagram, out var ack) || !_sender!.OnAck(ack, now)) return false;
                if (!ack.IsLight) QueueAck2(ack.Number);
                return true;

            case ControlType.Nak:
                _naksReceived++;
                return NakPacket.TryRead(datagram, out var nak) && _sender!.OnNak(nak, now);

            case ControlType.Ack2:
                if (!SignalPacket.TryRead(datagram, out var ack2)) return false;
                _receiver!.OnAck2(new SequenceNumber(ack2.Info), now);
                return true;

            case ControlType.Shutdown:
                // PROTOCOL UDT-22.
                End(CloseReason.ClosedByPeer, now);
                if (AnswersShutdowns) AnswerShutdown(now);
                return true;

            case ControlType.CongestionWarning:
                _sender!.OnCongestionWarning(now);
                return true;

            case ControlType.KeepAlive:
                _receiver!.OnKeepAlive(now);
                return true;

            case ControlType.DeliveryReport:
                _acksReceived++;
                return DeliveryReportPacket.TryRead(datagram, out var report) && _sender!.OnReport(report, TimestampOf(now), now);

            case ControlType.PeerError:
            case ControlType.UserDefined:
                // File errors and user packets have no meaning in a stream; they are signs of life.
                return true;

            default:
                // A message drop would tear a hole into the stream; only message mode knows it. Unknown types say nothing.
                return false;
        }
    }

    // The connection stands: a repeated handshake of the same peer is answered, another one cannot change it.
    private void HandleLateHandshake(ReadOnlySpan<byte> datagram, Instant now)
    {
        if (!HandshakePacket.TryRead(datagram, out var packet))
        {
            _invalid++;
            return;
        }

        // PROTOCOL RDV-8.
        var same = packet.SocketId == _peer.SocketId && packet.InitialSequence == _peer.InitialSequence;
        if (same && !IsRendezvous) return;
        if (same)
        {
            Heard(now);
            if (packet.Request == RequestType.Agreement) Proven();
            else _agreementDue = true;
            return;
        }

        // PROTOCOL RDV-11. A rendezvous that nobody used yet and whose peer begins anew was with a socket that is gone.
        if (!_proven && IsRendezvous && packet.Request == RequestType.Rendezvous && packet.Destination == 0)
            End(CloseReason.PeerRestarted, now);
        else _invalid++;
    }

    private void Heard(Instant now)
    {
        _lastHeard = now;
        _expirationCount = 1;
        _timers[Timer.Expiration] = now + _rtt.Expiration(1);
    }

    // The peer sends what only a connected peer sends: it is there and listens.
    private void Proven()
    {
        _proven = true;
        _timers.Stop(Timer.FirstDataHold);
        _timers.Stop(Timer.ConclusionRepeat);
    }
}
