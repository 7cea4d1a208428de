using P2PCopy.Simulation;

namespace P2PCopy.LinkEmulator;

/// <summary>Cuts what was read from a device into packets, as a network card does: each is then delayed, queued and lost for itself.</summary>
internal sealed class TrainCutter(DatagramPool pool)
{
    private byte[] _read = [];
    private int _length;
    private int _at;
    private int _number;
    private OffloadHeader _header;
    private FlowLayout _layout;

    /// <summary>Whether all of the last reading was taken.</summary>
    public bool IsEmpty => _at >= _length;

    /// <summary>Takes a reading: a header of offloads and a packet, or a train. The bytes are the caller's again when it is empty.</summary>
    public void Begin(byte[] read, int length)
    {
        (_read, _length, _at, _number) = (read, length, OffloadHeader.Length, 0);
        _header = OffloadHeader.Read(read);
        if (!_header.IsTrain) return;
        if (!FlowLayout.TryRead(read.AsSpan(OffloadHeader.Length, length - OffloadHeader.Length), out _layout))
            throw new InvalidDataException("a train of neither UDP nor TCP");
        _at += _layout.HeaderBytes;
    }

    /// <summary>The next packet, with a header of offloads in front.</summary>
    public SimDatagram Take()
    {
        if (!_header.IsTrain) return TakeWhole();
        var packet = OffloadHeader.Length + _layout.HeaderBytes;
        var payload = Math.Min(_header.PacketBytes, _length - _at);
        var datagram = Rent(packet + payload);
        _header.OfOnePacket.Write(datagram.Buffer);
        var headers = datagram.Buffer.AsSpan(OffloadHeader.Length, _layout.HeaderBytes);
        _read.AsSpan(OffloadHeader.Length, _layout.HeaderBytes).CopyTo(headers);
        _layout.MakePart(headers, _number++, _at - packet, isLast: _at + payload == _length);
        _layout.SetPayload(headers, _length - packet, payload);
        _read.AsSpan(_at, payload).CopyTo(datagram.Buffer.AsSpan(packet));
        _at += payload;
        return datagram;
    }

    private SimDatagram TakeWhole()
    {
        var datagram = Rent(_length);
        _read.AsSpan(0, _length).CopyTo(datagram.Buffer);
        _at = _length;
        return datagram;
    }

    // The header of offloads is of no wire.
    private SimDatagram Rent(int length)
    {
        var datagram = pool.Rent(length);
        (datagram.Length, datagram.HeaderBytes) = (length, -OffloadHeader.Length);
        return datagram;
    }
}
