using CsCheck;
using P2PCopy.Datagrams;
using P2PCopy.Udt;
using P2PCopy.Udt.Wire;

namespace P2PCopy.Tests.Udt.Wire;

/// <summary>The same rule for every packet: what was written reads back and writes the same bytes; no bytes make a reader throw.</summary>
public sealed class WireFormatTests
{
    private static readonly uint[] Edges = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
    private static readonly Gen<uint> Word = Gen.OneOf(Gen.UInt, Gen.Int[0, Edges.Length - 1].Select(i => Edges[i]));
    private static readonly Gen<SequenceNumber> Number = Word.Select(value => new SequenceNumber(value));
    private static readonly Gen<byte[]> Payload = Gen.Byte.Array[0, 1456];

    private delegate bool Echo(ReadOnlySpan<byte> datagram, Span<byte> destination, out int length);

    [Fact]
    public void A_data_packet_reads_back() => Gen.Select(Number, Word, Word, Word, Payload).Sample((number, message, time, id, payload) =>
    {
        var written = Write(new DataPacket
        {
            Sequence = number,
            Message = new MessageWord(message),
            Timestamp = time,
            Destination = id,
            Payload = payload,
        });
        Assert.True(DataPacket.TryRead(written, out var read));
        Assert.Equal((number, message, time, id), (read.Sequence, read.Message.Bits, read.Timestamp, read.Destination));
        Assert.Equal(payload, read.Payload.ToArray());
        AssertEchoes<DataPacket>(written);
    });

    [Fact]
    public void An_acknowledgement_reads_back() => Gen.Select(Number, Number, Word.Array[6], Gen.Int[0, 2]).Sample((number, next, words, kind) =>
    {
        var written = Write(new AckPacket
        {
            Destination = words[0],
            Number = number,
            NextExpected = next,
            IsLight = kind == 0,
            RoundTripMicroseconds = words[1],
            VarianceMicroseconds = words[2],
            FreePackets = words[3],
            HasRates = kind == 2,
            ArrivalSpeed = words[4],
            LinkCapacity = words[5],
        });
        Assert.Equal(16 + (kind switch { 0 => 4, 1 => 16, _ => 24 }), written.Length);
        Assert.True(AckPacket.TryRead(written, out var read));
        Assert.Equal((words[0], number, next, kind == 0, kind == 2), (read.Destination, read.Number, read.NextExpected, read.IsLight, read.HasRates));
        if (kind > 0) Assert.Equal((words[1], words[2], words[3]), (read.RoundTripMicroseconds, read.VarianceMicroseconds, read.FreePackets));
        if (kind == 2) Assert.Equal((words[4], words[5]), (read.ArrivalSpeed, read.LinkCapacity));
        AssertEchoes<AckPacket>(written);
    });

    [Fact]
    public void A_loss_report_reads_back() => Gen.Select(Number, Number, Gen.Bool).Array[1, 100].Sample(entries =>
    {
        var list = new byte[entries.Length * 8];
        var length = 0;
        foreach (var (first, last, isRange) in entries) length += NakPacket.Append(list.AsSpan(length), first, isRange ? last : first);
        var written = Write(new NakPacket { Destination = 7, List = list.AsSpan(0, length) });
        Assert.True(NakPacket.TryRead(written, out var read));
        var rest = read.List;
        foreach (var (first, last, isRange) in entries)
        {
            Assert.True(NakPacket.TryTake(ref rest, out var from, out var to));
            Assert.Equal((first, isRange ? last : first), (from, to));
        }

        Assert.False(NakPacket.TryTake(ref rest, out _, out _));
        AssertEchoes<NakPacket>(written);
    });

    [Fact]
    public void A_handshake_reads_back() => Gen.Select(Number, Word.Array[8], Gen.Int, Gen.ULong, Gen.ULong).Sample((isn, words, request, high, low) =>
    {
        var address = words[7] % 2 == 0 ? UdpEndpoint.FromIPv4(words[6], 0) : UdpEndpoint.FromIPv6(high, low | 1, 0);
        var written = Write(new HandshakePacket
        {
            Destination = words[0],
            Version = words[1],
            SocketType = words[2],
            InitialSequence = isn,
            Mss = words[3],
            FlowWindow = words[4],
            Request = (RequestType)request,
            SocketId = words[5],
            Cookie = words[6],
            Address = address,
        });
        Assert.Equal(HandshakePacket.Length, written.Length);
        Assert.True(HandshakePacket.TryRead(written, out var read));
        Assert.Equal((words[0], words[1], words[2], isn), (read.Destination, read.Version, read.SocketType, read.InitialSequence));
        Assert.Equal((words[3], words[4], (RequestType)request), (read.Mss, read.FlowWindow, read.Request));
        Assert.Equal((words[5], words[6], address), (read.SocketId, read.Cookie, read.Address));
        AssertEchoes<HandshakePacket>(written);
    });

    [Theory]
    [InlineData(1), InlineData(4), InlineData(5), InlineData(6), InlineData(8)]
    public void A_signal_reads_back(int type) => Gen.Select(Word, Word).Sample((info, id) =>
    {
        var written = Write(new SignalPacket { Type = (ControlType)type, Info = info, Destination = id });
        Assert.Equal(20, written.Length);
        Assert.True(SignalPacket.TryRead(written, out var read));
        Assert.Equal(((ControlType)type, info, id), (read.Type, read.Info, read.Destination));
        Assert.True(SignalPacket.TryRead(written.AsSpan(0, 16), out _), "the padding may be missing");
        AssertEchoes<SignalPacket>(written);
    });

    [Fact]
    public void A_message_drop_reads_back() => Gen.Select(Word, Word, Number, Number).Sample((id, message, first, last) =>
    {
        var written = Write(new MessageDropPacket { Destination = id, MessageNumber = message, First = first, Last = last });
        Assert.True(MessageDropPacket.TryRead(written, out var read));
        Assert.Equal((id, message, first, last), (read.Destination, read.MessageNumber, read.First, read.Last));
        AssertEchoes<MessageDropPacket>(written);
    });

    [Fact]
    public void A_delivery_report_reads_back() => Gen.Select(Number, Number, Word.Array[6], Gen.Byte.Array[0, 300]).Sample((next, highest, words, runs) =>
    {
        var written = Write(new DeliveryReportPacket
        {
            Destination = words[0],
            NextExpected = next,
            Highest = highest,
            EchoedTimestamp = words[1],
            Arrival = words[2],
            DelayMicroseconds = words[3],
            FreePackets = words[4],
            Duplicates = words[5],
            Runs = runs.AsSpan(0, runs.Length & ~3),
        });
        Assert.True(DeliveryReportPacket.TryRead(written, out var read));
        Assert.Equal((words[0], next, highest, words[1]), (read.Destination, read.NextExpected, read.Highest, read.EchoedTimestamp));
        Assert.Equal((words[2], words[3], words[4], words[5]), (read.Arrival, read.DelayMicroseconds, read.FreePackets, read.Duplicates));
        Assert.Equal(runs[..(runs.Length & ~3)], read.Runs.ToArray());
        AssertEchoes<DeliveryReportPacket>(written);
    });

    [Fact]
    public void Runs_of_any_length_read_back() => Gen.Select(Gen.Int[1, 200_000], Gen.Int[0, 200_000]).Array[1, 20].Sample(pairs =>
    {
        var room = new byte[1000];
        var length = 0;
        foreach (var (arrived, missing) in pairs) length += DeliveryReportPacket.Append(room.AsSpan(length), arrived, missing);
        var members = new List<(long, bool)>();
        long at = 0;
        for (ReadOnlySpan<byte> rest = room.AsSpan(0, length); DeliveryReportPacket.TryTake(ref rest, out var arrived, out var missing); at += missing)
        {
            Add(members, at, arrived, true);
            Add(members, at += arrived, missing, false);
        }

        var expected = new List<(long, bool)>();
        at = 0;
        foreach (var (arrived, missing) in pairs)
        {
            Add(expected, at, arrived, true);
            Add(expected, at += arrived, missing, false);
            at += missing;
        }

        Assert.Equal(expected, members);

        // Where runs of one kind begin.
        static void Add(List<(long At, bool Arrived)> list, long at, int count, bool arrived)
        {
            if (count > 0 && (list.Count == 0 || list[^1].Arrived != arrived)) list.Add((at, arrived));
        }
    });

    [Fact]
    public void Random_bytes_make_no_reader_throw_and_what_reads_can_be_written()
    {
        var control = Gen.Select(Gen.Int[0, 9], Gen.Byte.Array[14, 120]).Select((type, tail) => (byte[])[0x80, (byte)type, .. tail]);
        Gen.OneOf(Gen.Byte.Array[0, 200], control).Sample(TryAll, iter: 20_000);
    }

    [Fact]
    public void Captured_bytes_with_flips_and_cuts_make_no_reader_throw()
    {
        var captured = Vectors.VectorFile.Names.SelectMany(name => Vectors.VectorFile.Load(name).Datagrams).Select(d => d.Bytes).ToArray();
        Gen.Select(Gen.Int[0, captured.Length - 1], Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[0, 4], Gen.Int[0, 64]).Sample((which, flips, cut) =>
        {
            var original = captured[which];
            var bytes = original[..Math.Max(0, original.Length - Math.Max(0, cut - 32))];
            foreach (var (at, mask) in flips)
                if (bytes.Length > 0) bytes[at % bytes.Length] ^= mask;
            TryAll(bytes);
        }, iter: 20_000);
    }

    [Fact]
    public void Readers_allocate_nothing_whatever_they_are_given()
    {
        var random = new Random(1);
        var packets = Enumerable.Range(0, 2000).Select(i =>
        {
            var bytes = new byte[random.Next(0, 1500)];
            random.NextBytes(bytes);
            if (bytes.Length > 2 && i % 2 == 0) (bytes[0], bytes[1]) = (0x80, (byte)random.Next(10));
            return bytes;
        }).ToArray();
        var room = new byte[2000];
        Echo[] all = Echoes;
        foreach (var bytes in packets) foreach (var echo in all) echo(bytes, room, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var bytes in packets) foreach (var echo in all) echo(bytes, room, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static readonly Echo[] Echoes =
        [EchoAs<DataPacket>, EchoAs<AckPacket>, EchoAs<NakPacket>, EchoAs<HandshakePacket>, EchoAs<SignalPacket>, EchoAs<MessageDropPacket>, EchoAs<DeliveryReportPacket>];

    private static void TryAll(byte[] bytes)
    {
        Span<byte> room = stackalloc byte[2048];
        foreach (var echo in Echoes)
            if (echo(bytes, room, out var length)) Assert.InRange(length, 16, Math.Max(bytes.Length, 64));
    }

    private static bool EchoAs<T>(ReadOnlySpan<byte> datagram, Span<byte> destination, out int length) where T : IWireFormat<T>, allows ref struct
    {
        var isPacket = T.TryRead(datagram, out var packet);
        length = isPacket ? packet.Write(destination) : 0;
        return isPacket;
    }

    private static void AssertEchoes<T>(byte[] written) where T : IWireFormat<T>, allows ref struct
    {
        var again = new byte[written.Length];
        Assert.True(EchoAs<T>(written, again, out var length));
        Assert.Equal(written.Length, length);
        Assert.Equal(written, again);
    }

    private static byte[] Write<T>(T packet) where T : IWireFormat<T>, allows ref struct
    {
        var room = new byte[2048];
        return room[..packet.Write(room)];
    }
}
